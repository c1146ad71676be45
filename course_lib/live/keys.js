// Jupyter Notebook takes the arrow keys to go from cell to cell, before a slider or a choice of a question hears them
// (issue 7716 of jupyter/notebook); what has this attribute keeps the key.
function keepArrows({ target, key }) {
  if (target.matches?.(".course-panel [role=slider], .course-question [type=radio]")) {
    target.toggleAttribute("data-lm-suppress-shortcuts", key.startsWith("Arrow"));
  }
}
