// The player in JupyterLab and Jupyter Notebook: an anywidget whose controls are the ipywidgets beside it.

const TRIES = 600; // frames to wait until JupyterLab has put the player into its panel

async function render({ model, el }) {
  el.innerHTML = model.get("html");
  const { kernel } = model.widget_manager;
  const controls = await Promise.all(model.get("controls").map(async (control) => {
    const widget = await model.widget_manager.get_model(control.model);
    const key = control.switch ? "value" : "index";
    return {
      ...control,
      get: () => Number(widget.get(key)),
      set(index) {
        widget.set(key, control.switch ? Boolean(index) : index);
        widget.save_changes();
      },
      // ipywidgets sends one message at a time, and no other ever if one is lost with the connection.
      sendAgain() {
        if (!widget._pending_msgs || !kernel.hasComm(control.model)) return;
        widget._pending_msgs = 0;
        widget._msg_buffer = null;
        widget.save({ [key]: widget.get(key) }, { patch: true });
      },
      on: (change) => widget.on(`change:${key}`, change),
      off: (change) => widget.off(`change:${key}`, change),
    };
  }));
  const view = Math.random(); // every view of every page hears all answers
  const player = makePlayer(el.firstElementChild, controls, (states) => {
    try {
      model.send({ ask: states, view });
    } catch (error) {
      console.debug(error); // the kernel is gone; the player says so when a picture is late
    }
  });

  // ipywidgets gives the handle of a slider no name, announces an index as its value, and lets its text be edited
  // without effect.
  let box = null;
  const label = () => {
    [...box.children].forEach((child, k) => {
      const control = controls[k];
      const handle = control.switch ? child.closest(".course-switch") : child.querySelector(".noUi-handle");
      if (!handle) return; // JupyterLab has not made it yet
      const said = control.switch
        ? { "aria-pressed": String(Boolean(control.get())) }
        : { "aria-label": control.label, "aria-valuetext": control.stops[control.get()] };
      for (const [name, value] of Object.entries(said)) {
        if (handle.getAttribute(name) !== value) handle.setAttribute(name, value);
      }
    });
    for (const text of box.querySelectorAll(".widget-readout[contenteditable=true]")) text.contentEditable = "false";
  };
  const observer = new MutationObserver(label);
  let closed = false;
  const find = (tries) => {
    if (closed) return;
    box = el.closest(".course-panel")?.querySelector(".course-controls");
    if (box) {
      observer.observe(box, {
        subtree: true, childList: true, attributes: true, attributeFilter: ["aria-valuetext", "contenteditable", "class"],
      });
      label();
    } else if (tries) {
      requestAnimationFrame(() => find(tries - 1));
    }
  };
  find(TRIES);

  window.addEventListener("keydown", keepArrows, true); // before the document, where Notebook listens
  const hear = ({ states, packed, errors, view: asker }) =>
    (asker === view ? player.answered : player.add)(states, packed, errors).catch(console.error);
  model.on("msg:custom", hear);
  for (const control of controls) control.on(player.update);
  const connection = (_, status) => { // what is sent from then on JupyterLab keeps until it is connected again
    if (status === "connecting") for (const control of controls) control.sendAgain();
  };
  kernel?.connectionStatusChanged.connect(connection);
  await player.add(model.get("states"), model.get("packed")).catch(console.error);
  return () => {
    closed = true;
    window.removeEventListener("keydown", keepArrows, true);
    observer.disconnect();
    player.stop();
    model.off("msg:custom", hear);
    kernel?.connectionStatusChanged.disconnect(connection);
    for (const control of controls) control.off(player.update);
  };
}

export default { render };
