// @ts-check
// A question in the page. The page holds the replies, so it does not ask the kernel.

/** @import { Model } from "./live/mends.js" */
import { mendArrowKeys } from "./live/mends.js";

/** @param {{ model: Model, el: Element }} view */
function render({ model, el }) {
  const name = `question-${Math.random()}`; // radio buttons of one name are one group
  el.innerHTML = '<fieldset><legend></legend></fieldset><p role="status"></p>';
  // A screen reader announces a text that is put into a status only if the status existed before.
  const [group, status] = el.children;
  group.children[0].innerHTML = model.get("head");
  /** @type {string[]} */
  const choices = model.get("choices");
  const buttons = choices.map((text, index) => {
    const label = document.createElement("label");
    const button = Object.assign(document.createElement("input"), { type: "radio", name });
    label.append(button, text);
    group.append(label);
    button.addEventListener("change", () => {
      model.set("choice", index);
      model.save_changes();
    });
    return button;
  });
  const reply = () => {
    const choice = model.get("choice");
    if (choice === null) return;
    buttons[choice].checked = true;
    status.textContent = model.get("replies")[choice];
  };
  reply();
  model.on("change:choice", reply);
  const endMend = mendArrowKeys();
  return () => {
    model.off("change:choice", reply);
    endMend();
  };
}

export default { render };
