// The player in a handout: its controls are the page's own, and all states are in the page.

async function replay(panel) {
  const form = panel.querySelector("form");
  const controls = [...form.querySelectorAll("input")].map((input) => {
    const range = input.type === "range";
    const stops = (input.dataset.stops ?? "off on").split(" ");
    const control = {
      name: input.name,
      stops,
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
    control.start = control.get();
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
  panel.querySelector(".without").hidden = true;
  panel.classList.add("live");
}

// One after the other, in the order in which they are met.
async function replayAll(panels) {
  const say = (panel, text) => (panel.querySelector(".without").textContent = text);
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

replayAll([...document.querySelectorAll("figure.panel > template")].map((template) => template.parentElement));
