// A question in the page.  It has its replies, so that no kernel is asked.

function render({ model, el }) {
  const name = `question-${Math.random()}`; // radio buttons of one name are one group
  el.innerHTML = '<fieldset><legend></legend></fieldset><p role="status"></p>';
  const [group, status] = el.children; // a screen reader announces what comes into a status that is there
  group.firstChild.innerHTML = model.get("head");
  const buttons = model.get("choices").map((text, index) => {
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
  window.addEventListener("keydown", keepArrows, true);
  return () => {
    model.off("change:choice", reply);
    window.removeEventListener("keydown", keepArrows, true);
  };
}

export default { render };
