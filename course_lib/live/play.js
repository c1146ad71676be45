// @ts-check
// Play: a button that moves one control from stop to stop, and waits for each picture.

/** @import { View } from "./view.js" */

/**
 * A control: the labels of its stops, which of them it starts at, and which it is set to.
 * @typedef {object} Control
 * @property {string} name
 * @property {string[]} stops
 * @property {number} start
 * @property {() => number} get
 * @property {(index: number) => void} set
 */

const STEP = 150; // milliseconds that Play rests on each stop
const PATIENCE = 3000; // milliseconds that it waits for a picture

/**
 * Make a button play a control, and return what pauses it.
 * @param {HTMLElement} button
 * @param {Control} control
 * @param {View} view
 * @param {() => "shown" | "awaited" | "failed"} status of the picture that is wanted
 */
export function makePlay(button, control, view, status) {
  const last = control.stops.length - 1;
  let timer = 0; // the timer of the moves while it plays, else 0
  let placed = 0; // where it has put the control
  let placedAt = 0; // when it did

  function pause() {
    clearInterval(timer);
    timer = 0;
    button.textContent = "Play";
    view.announce(true);
  }

  function play() {
    if (control.get() === last) control.set(0);
    placed = control.get();
    placedAt = Date.now();
    button.textContent = "Pause";
    view.announce(false); // nobody can listen that fast
    timer = setInterval(move, STEP);
  }

  function move() {
    const picture = status();
    if (picture === "awaited" && Date.now() - placedAt < PATIENCE) return;
    // No picture comes; or a hand, or another view, has moved the control.
    if (picture !== "shown" || control.get() !== placed) return pause();
    placed += 1;
    placedAt = Date.now();
    if (placed >= last) pause(); // before the move, so that the last picture is announced
    control.set(placed);
  }

  button.addEventListener("click", () => timer ? pause() : play());
  pause(); // a page may have been saved while it played
  return pause;
}
