// @ts-check
// Workarounds for the programs around a panel or a question. Each names the version in which it was
// needed, and does nothing where its object is missing or no longer needs it.

/**
 * What is used of a widget's model, be it of ipywidgets or of anywidget.
 * @typedef {object} Model
 * @property {string} model_id
 * @property {{ get_model(id: string): Promise<Model>, kernel?: Kernel }} widget_manager
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(values: object, options: object) => void} save
 * @property {(message: object) => void} send
 * @property {(event: string, hear: (...message: any[]) => void) => void} on
 * @property {(event: string, hear: (...message: any[]) => void) => void} off
 * @property {number} [_pending_msgs] private
 * @property {object | null} [_msg_buffer] private
 */

/** @typedef {(kernel: Kernel, status: string) => void} Hear */

/**
 * What is used of JupyterLab's connection to a kernel.
 * @typedef {object} Kernel
 * @property {(id: string) => boolean} [hasComm]
 * @property {{ connect(hear: Hear): void, disconnect(hear: Hear): void }} [connectionStatusChanged]
 */

const TRIES = 600; // frames to wait until JupyterLab has put the player into its panel

/**
 * ipywidgets 8.1.9 gives the handle of a slider no name, announces an index as its value, lets the
 * text beside it be edited without effect, and does not announce whether a switch is on.
 * @param {Element} el the element of the player
 * @param {{ label: string, stops: string[] }[]} controls
 * @returns {() => void} what ends it
 */
export function mendControls(el, controls) {
  const observer = new MutationObserver(() => find(0));
  const options = {
    subtree: true,
    childList: true,
    attributeFilter: ["aria-valuetext", "contenteditable", "class"],
  };
  let frame = 0;

  const find = (/** @type {number} */ tries) => {
    const box = el.closest(".course-panel")?.querySelector(".course-controls");
    if (box) {
      observer.observe(box, options);
      mend(box, controls);
    } else if (tries) {
      frame = requestAnimationFrame(() => find(tries - 1));
    }
  };
  find(TRIES);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}

/**
 * @param {Element} box
 * @param {{ label: string, stops: string[] }[]} controls
 */
function mend(box, controls) {
  controls.forEach(({ label, stops }, k) => {
    const handle = box.children[k]?.querySelector(".noUi-handle");
    if (!handle) return; // this control is a switch, or JupyterLab has not made it yet
    if (!handle.hasAttribute("aria-label")) handle.setAttribute("aria-label", label);
    const index = Number(handle.getAttribute("aria-valuenow"));
    const saysIndex = handle.getAttribute("aria-valuetext") === String(index);
    if (saysIndex && stops[index] !== String(index)) {
      handle.setAttribute("aria-valuetext", stops[index]);
    }
  });
  for (const text of box.querySelectorAll(".widget-readout[contenteditable=true]")) {
    text.setAttribute("contenteditable", "false");
  }
  for (const button of box.querySelectorAll(".course-switch")) {
    button.setAttribute("aria-pressed", String(button.classList.contains("mod-active")));
  }
}

/**
 * ipywidgets 8.1.9 sends one message of a widget at a time. If one is lost with the connection, it
 * never sends another. So when JupyterLab 4.6.6 begins to reconnect, this sends the value of each
 * control again; JupyterLab keeps what is sent from then on until it is connected.
 * @param {Kernel | undefined} kernel
 * @param {{ widget: Model, key: string }[]} controls
 * @returns {() => void} what ends it
 */
export function mendConnection(kernel, controls) {
  const resend = (/** @type {Kernel} */ _, /** @type {string} */ status) => {
    if (status !== "connecting") return;
    for (const { widget, key } of controls) {
      if (!widget._pending_msgs || widget._msg_buffer === undefined) continue;
      if (!kernel?.hasComm?.(widget.model_id)) continue;
      widget._pending_msgs = 0;
      widget._msg_buffer = null;
      widget.save({ [key]: widget.get(key) }, { patch: true });
    }
  };
  kernel?.connectionStatusChanged?.connect(resend);
  return () => kernel?.connectionStatusChanged?.disconnect(resend);
}

/**
 * Jupyter Notebook 7.6.5 uses the arrow keys to go from cell to cell, before a slider or a choice
 * of a question receives them (issue 7716 of jupyter/notebook). An element with the attribute below
 * keeps its keys.
 * @returns {() => void} what ends it
 */
export function mendArrowKeys() {
  const keep = (/** @type {KeyboardEvent} */ { target, key }) => {
    if (!(target instanceof Element)) return;
    if (!target.matches(".course-panel [role=slider], .course-question [type=radio]")) return;
    target.toggleAttribute("data-lm-suppress-shortcuts", key.startsWith("Arrow"));
  };
  addEventListener("keydown", keep, true); // before the document, where Notebook listens
  return () => removeEventListener("keydown", keep, true);
}
