// @ts-check
// The player in JupyterLab and Jupyter Notebook: an anywidget whose controls are the ipywidgets
// beside it.

/** @import { Control } from "./play.js" */
/** @import { Model } from "./mends.js" */
import { part } from "./view.js";
import { makePlayer } from "./player.js";
import { mendArrowKeys, mendConnection, mendControls } from "./mends.js";

/**
 * What panel.py says of a control; its model is that of its ipywidget.
 * @typedef {object} OfWidget
 * @property {string} label
 * @property {boolean} switch
 * @property {string} model
 * @typedef {Omit<Control, "get" | "set"> & OfWidget} Description
 */

/**
 * What panel.py sends: the states that a view has asked for, or that a move by code leads to.
 * @typedef {object} Answer
 * @property {number} [view]
 * @property {number[]} states
 * @property {string} packed
 */

/** @param {{ model: Model, el: Element }} view */
async function render({ model, el }) {
  el.innerHTML = model.get("html");
  /** @type {Description[]} */
  const descriptions = model.get("controls");
  const controls = await Promise.all(descriptions.map(async (control) => {
    const widget = await model.widget_manager.get_model(control.model);
    const key = control.switch ? "value" : "index";
    return {
      ...control,
      widget,
      key,
      get: () => Number(widget.get(key)),
      /** @param {number} index */
      set(index) {
        widget.set(key, control.switch ? Boolean(index) : index);
        widget.save_changes();
      },
    };
  }));
  const view = Math.random(); // every view of every page hears all answers
  const player = makePlayer(part(el, ".course-player"), controls, (states) => {
    try {
      model.send({ ask: states, view });
    } catch (error) {
      console.debug(error); // the kernel is gone; the player says so when a picture is late
    }
  });
  const mends = [
    mendArrowKeys(),
    mendControls(el, controls),
    mendConnection(model.widget_manager.kernel, controls),
  ];

  const hear = (/** @type {Answer} */ { states, packed, view: asker }) => {
    if (asker === view) player.answered(states.length);
    player.add(states, packed).catch(console.error);
  };
  model.on("msg:custom", hear);
  for (const { widget, key } of controls) widget.on(`change:${key}`, player.update);
  await player.add(model.get("states"), model.get("packed")).catch(console.error);
  return () => {
    for (const end of mends) end();
    player.stop();
    model.off("msg:custom", hear);
    for (const { widget, key } of controls) widget.off(`change:${key}`, player.update);
  };
}

export default { render };
