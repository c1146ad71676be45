// @ts-check
// The player of a panel: it shows the state that the controls are set to, which Python has drawn.
// live.js in JupyterLab and page.js in a handout give it the controls.

/** @import { Control } from "./play.js" */
import { FORGET, makeStates, REST } from "./states.js";
import { makeView, part } from "./view.js";
import { makePlay } from "./play.js";

const LATE = 1000; // milliseconds after which the page says that a picture is missing

/**
 * Let a click on a plot set the control that is measured along its x axis, at the nearest stop.
 * @param {SVGSVGElement} plot
 * @param {Control} control
 */
function pick(plot, control) {
  const [left, right, low, high] = (plot.dataset.axis ?? "").split(" ").map(Number);
  plot.dataset.picks = control.name;
  plot.addEventListener("click", (event) => {
    const box = plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * plot.viewBox.baseVal.width;
    const value = low + ((x - left) / (right - left)) * (high - low);
    const off = control.stops.map((stop) => Math.abs(Number(stop) - value));
    if (x >= left && x <= right) control.set(off.indexOf(Math.min(...off)));
  });
}

/**
 * Make the player of `root`, the element that html.py makes.
 * @param {Element} root
 * @param {Control[]} controls
 * @param {(numbers: number[]) => void} [ask] asks the kernel for states, if there is a kernel
 */
export function makePlayer(root, controls, ask) {
  const sizes = controls.map((control) => control.stops.length);
  const states = makeStates(sizes, ask);
  const view = makeView(root);
  let current = -1; // the state that is shown; at first unknown, as for the plots in view.js
  let missing = 0; // since when the wanted state has been missing
  let lateTimer = 0;
  let moving = false; // whether several controls are being moved
  let stopped = false;

  function wanted() {
    return controls.reduce((state, control, k) => state * sizes[k] + control.get(), 0);
  }

  // Show the wanted state if it is here; else keep the picture until it comes.
  function update() {
    if (moving || stopped) return;
    const number = wanted();
    const texts = states.want(number);
    clearTimeout(lateTimer);
    if (!texts) {
      if (!ask) return;
      missing ||= Date.now();
      lateTimer = setTimeout(warn, Math.max(0, missing + LATE - Date.now()));
      return;
    }
    missing = 0;
    if (number === current) return view.say("");
    const error = draw(texts);
    if (error === undefined) {
      current = number;
      view.say("");
    } else {
      const kept =
        "These settings could not be drawn, and the picture still shows the earlier ones: ";
      view.say(kept + error);
    }
  }

  /**
   * Draw a state, or return why it cannot be drawn.
   * @param {string[]} texts
   */
  function draw(texts) {
    if (texts.length === 1) return texts[0];
    try {
      view.draw(texts);
    } catch (error) {
      console.error(error);
      return String(error);
    }
  }

  function warn() {
    view.say(
      "The kernel has not drawn this yet; the picture still shows the earlier settings. " +
        "If the kernel is not busy or was restarted, run all cells again; " +
        "if it stays so, reload the page first.",
    );
    lateTimer = setTimeout(update, FORGET + REST);
  }

  function reset() {
    moving = true;
    try {
      for (const control of controls) control.set(control.start);
    } finally {
      moving = false;
    }
    update();
  }

  /** @type {HTMLButtonElement | null} */
  const button = root.querySelector("[name=play]");
  const played = controls.find((control) => control.name === button?.value);
  const pause = button && played && makePlay(button, played, view, () => {
    return wanted() === current ? "shown" : missing ? "awaited" : "failed";
  });
  part(root, "[name=reset]").addEventListener("click", reset);
  for (const plot of view.plots) {
    const control = controls.find((one) => one.name === plot.dataset.pick);
    if (control) pick(plot, control);
  }

  return {
    answered: states.answered,
    /** @type {typeof states.add} */
    async add(...message) {
      await states.add(...message);
      update();
    },
    update,
    stop() {
      stopped = true;
      pause?.();
      states.stop();
      clearTimeout(lateTimer);
    },
  };
}
