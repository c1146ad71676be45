// The player in JupyterLab: an anywidget whose controls are the ipywidgets beside it.

const TRIES = 600; // frames to wait until JupyterLab has put the panel into the page

async function render({ model, el }) {
  el.innerHTML = model.get("html");
  const controls = await Promise.all(model.get("controls").map(async (control) => {
    const widget = await model.widget_manager.get_model(control.model);
    const key = control.switch ? "value" : "index";
    return {
      ...control,
      get: () => Number(widget.get(key)),
      set(place) {
        widget.set(key, control.switch ? Boolean(place) : place);
        widget.save_changes();
      },
      on: (change) => widget.on(`change:${key}`, change),
      off: (change) => widget.off(`change:${key}`, change),
    };
  }));
  const view = Math.random(); // every view of every page hears all answers
  const player = play(el.firstElementChild, controls, (states) => {
    try {
      model.send({ ask: states, view });
    } catch (error) {
      console.debug(error); // the kernel is gone; the player says so when a picture is late
    }
  });

  // ipywidgets gives the handle of a slider no name, tells its place as its value, and lets its text be edited in vain.
  let box = null;
  const label = () => {
    const handles = [...box.querySelectorAll(".noUi-handle, .course-switch")];
    handles.forEach((handle, k) => {
      const control = controls[k];
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
  const find = (tries) => {
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

  const hear = ({ states, packed, errors, view: asker }) =>
    (asker === view ? player.answered : player.add)(states, packed, errors);
  model.on("msg:custom", hear);
  for (const control of controls) control.on(player.update);
  await player.add(model.get("states"), model.get("packed"));
  return () => {
    observer.disconnect();
    player.stop();
    model.off("msg:custom", hear);
    for (const control of controls) control.off(player.update);
  };
}

export default { render };
