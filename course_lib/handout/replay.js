"use strict";

// A panel's states were all computed when the page was made: text only.  This unpacks them and shows the one that the
// controls stand at.

async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { templates, rows } = await new Response(text).json();
  let words = [];
  const states = rows.map(([template, ...changes]) => {
    words = words.slice();
    let place = 0;
    for (const change of changes) {
      if (typeof change === "number") {
        place += change;
      } else {
        words[place] = typeof change === "string" ? change : words[place].slice(0, change[0]) + change[1];
        place += 1;
      }
    }
    return { ...templates[template], words };
  });
  return (index) => {
    const { parts, places, words } = states[index];
    return parts.map((part, k) => part + (words[places[k]] ?? "")).join("").split("\n");
  };
}

async function replay(panel) {
  const texts = await unpack(panel.querySelector("template").content.textContent);
  const form = panel.querySelector("form");
  const controls = [...form.querySelectorAll("input")];
  const starts = controls.map(at);
  const stops = controls.map((control) => (control.dataset.stops ?? "off on").split(" "));
  const plates = [...panel.querySelectorAll("svg")];
  const readout = panel.querySelector(".readout");
  const cells = [...readout.querySelectorAll("p, th, td")];
  let shown = [];

  function at(control) {
    return control.type === "checkbox" ? Number(control.checked) : control.valueAsNumber;
  }

  function put(control, index) {
    if (control.type === "checkbox") control.checked = Boolean(index);
    else control.value = index;
  }

  function show() {
    let index = 0;
    controls.forEach((control, k) => {
      index = index * stops[k].length + at(control);
      if (control.type === "range") {
        const text = stops[k][at(control)];
        control.setAttribute("aria-valuetext", text);
        control.nextElementSibling.textContent = text;
      }
    });
    const now = texts(index);
    const changed = (place) => now[place] !== shown[place];
    plates.forEach((plate, k) => {
      if (changed(2 * k)) plate.lastElementChild.innerHTML = now[2 * k];
      if (changed(2 * k + 1)) plate.setAttribute("aria-label", now[2 * k + 1]);
    });
    cells.forEach((cell, k) => {
      if (changed(2 * plates.length + k)) cell.textContent = now[2 * plates.length + k];
    });
    shown = now;
  }

  const play = form.elements.play;
  const steps = form.elements.steps;
  let timer = null;

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    readout.setAttribute("aria-live", "polite");
  }

  play?.addEventListener("click", () => {
    if (timer !== null) {
      pause();
      return;
    }
    if (steps.value === steps.max) {
      steps.value = 0;
      show();
    }
    play.textContent = "Pause";
    readout.setAttribute("aria-live", "off"); // nobody can listen that fast
    timer = setInterval(() => {
      steps.value = steps.valueAsNumber + 1;
      if (steps.value === steps.max) pause();
      show();
    }, Number(panel.dataset.step));
  });

  form.elements.reset.addEventListener("click", () => {
    controls.forEach((control, k) => put(control, starts[k]));
    show();
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", show);
  show();
  panel.querySelector(".without").hidden = true;
  form.hidden = false;
}

for (const panel of document.querySelectorAll("figure.panel:has(> template)")) {
  replay(panel).catch((error) => {
    panel.querySelector(".without").textContent = `This is the picture at its start. This browser is too old to move it (${error.message}).`;
  });
}
