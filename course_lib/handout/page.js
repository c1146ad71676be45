// @ts-check
// The player in a handout: its controls are the page's own, and all states are in the page.

import { part } from "../live/view.js";
import { makePlayer } from "../live/player.js";

const START = "This is the picture at its start.";
const SOON = "The controls come in a moment: this page unpacks its pictures.";
const TOO_OLD = `${START} This browser is too old to move it (DecompressionStream is not defined).`;
const SAVED =
  "This is the picture as it was when this page was saved. Its sliders need the script of the " +
  "page, which does not run in this copy.";

/** @param {Element} panel */
async function replay(panel) {
  /** @type {HTMLTemplateElement} */
  const packed = part(panel, "template");
  const form = part(panel, "form");
  const controls = [...form.querySelectorAll("input")].map((input) => {
    const range = input.type === "range";
    const stops = (input.dataset.stops ?? "off\non").split("\n");
    const control = {
      name: input.name,
      stops,
      start: Number(input.dataset.start),
      get: () => (range ? input.valueAsNumber : Number(input.checked)),
      set(/** @type {number} */ index) {
        if (range) input.valueAsNumber = index;
        else input.checked = Boolean(index);
        control.label();
        player.update();
      },
      label() {
        if (!range) return;
        input.setAttribute("aria-valuetext", stops[control.get()]);
        /** @type {Element} */ (input.nextElementSibling).textContent = stops[control.get()];
      },
    };
    // In a saved copy of the page, the labels may be old, but the controls are reset.
    control.label();
    return control;
  });
  const player = makePlayer(part(panel, ".course-player"), controls);
  const count = controls.reduce((product, control) => product * control.stops.length, 1);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    for (const control of controls) control.label();
    player.update();
  });
  await player.add([...Array(count).keys()], packed.innerHTML);
  for (const hidden of panel.querySelectorAll(".controls, .course-buttons")) {
    hidden.removeAttribute("hidden");
  }
  part(panel, ".without").textContent = SAVED;
  // Not by the attribute hidden: with it, Chromium leaves the text out of a saved copy (MHTML).
  panel.classList.add("live");
}

// Make the panels live one after the other, from top to bottom.
async function replayAll() {
  const panels = [...document.querySelectorAll("figure.panel")]
    .filter((figure) => figure.querySelector(":scope > template"));
  const say = (/** @type {Element} */ panel, /** @type {string} */ text) => {
    part(panel, ".without").textContent = text;
    panel.classList.remove("live");
  };
  const isOld = !("DecompressionStream" in window);
  for (const panel of panels) say(panel, isOld ? TOO_OLD : SOON);
  if (isOld) return;
  for (const panel of panels) {
    // This lets the browser paint the page and respond in between.
    await new Promise((done) => setTimeout(done));
    try {
      await replay(panel);
    } catch (error) {
      console.error(error);
      say(panel, `${START} It cannot be moved, because of an error: ${error}`);
    }
  }
}

document.documentElement.classList.add("scripted"); // style.css keeps room for the controls
document.addEventListener("DOMContentLoaded", replayAll);
