// The player in a handout: its controls are the page's own, and all states are in the page.

const SAVED = "This is the picture as it was when this page was saved. Its sliders need the script of the page, which " +
  "does not run in this copy.";

async function replay(panel) {
  const form = panel.querySelector("form");
  const controls = [...form.querySelectorAll("input")].map((input) => {
    const range = input.type === "range";
    const stops = (input.dataset.stops ?? "off on").split(" ");
    const control = {
      name: input.name,
      stops,
      start: Number(input.dataset.start),
      get: () => (range ? input.valueAsNumber : Number(input.checked)),
      set(index) {
        if (range) input.value = index;
        else input.checked = Boolean(index);
        control.label();
        player.update();
      },
      label() {
        if (!range) return;
        input.setAttribute("aria-valuetext", stops[control.get()]);
        input.nextElementSibling.textContent = stops[control.get()];
      },
    };
    control.label(); // in a copy that a browser has saved, all but the controls may be as they were then
    return control;
  });
  const player = makePlayer(panel.querySelector(".course-player"), controls);
  const packed = panel.querySelector("template").content.textContent;
  const count = controls.reduce((product, control) => product * control.stops.length, 1);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    for (const control of controls) control.label();
    player.update();
  });
  await player.add([...Array(count).keys()], packed);
  for (const part of panel.querySelectorAll(".controls, .course-buttons")) part.hidden = false;
  panel.querySelector(".without").textContent = SAVED;
  panel.classList.add("live"); // not the attribute hidden: with it, Chromium leaves the word out of a copy (MHTML)
}

// One after the other, in the order in which they are met.
async function replayAll() {
  const panels = [...document.querySelectorAll("figure.panel > template")].map((template) => template.parentElement);
  const say = (panel, text) => {
    panel.querySelector(".without").textContent = text;
    panel.classList.remove("live");
  };
  for (const panel of panels) say(panel, "The controls come in a moment: this page unpacks its pictures.");
  for (const panel of panels) {
    await new Promise((done) => setTimeout(done)); // so that the page is painted and answers in between
    try {
      await replay(panel);
    } catch (error) {
      say(panel, `This is the picture at its start. This browser is too old to move it (${error.message}).`);
    }
  }
}

document.documentElement.classList.add("scripted"); // style.css keeps room for the controls
document.addEventListener("DOMContentLoaded", replayAll);
