// @ts-check
// What a panel shows: texts in its plots and its readout, and a message above them.

/** @typedef {ReturnType<typeof makeView>} View */

/**
 * Return the element in `root` that Python has made for a selector.
 * @template {Element} [E=HTMLElement]
 * @param {Element} root
 * @param {string} selector
 */
export function part(root, selector) {
  return /** @type {E} */ (root.querySelector(selector));
}

/**
 * Put a text into a cell, each number with an exponent in an element of its own, which does not
 * break behind its minus.
 * @param {Element} cell
 * @param {string} text
 */
function write(cell, text) {
  cell.replaceChildren(
    ...text.split(/(\S+e-\d+)/).map((piece, k) => {
      if (k % 2 === 0) return piece;
      const number = document.createElement("span");
      number.textContent = piece;
      return number;
    }),
  );
}

/**
 * Make the view of `root`, the element that html.py makes.
 * @param {Element} root
 */
export function makeView(root) {
  const plots = [...root.querySelectorAll("svg")];
  const readout = part(root, ".course-readout");
  const table = part(readout, "tbody");
  /** @type {Element[]} */
  let cells = [];
  const message = part(root, ".course-message");
  /** @type {(string | null)[]} */
  let shown = [];
  readCells();

  /** Note the cells of the readout, and that what the plots show is unknown. */
  function readCells() {
    cells = [...readout.querySelectorAll("p, .text")];
    // At first, too: a page may have been saved at any state.
    shown = [...plots.flatMap(() => [null, null]), ...cells.map((cell) => cell.textContent)];
  }

  /**
   * Give the readout so many rows.
   * @param {number} count
   */
  function resize(count) {
    if (!Number.isInteger(count)) throw new Error("a text is missing");
    const rows = [...readout.querySelectorAll("tr")];
    if (rows.length === count) return;
    for (const row of rows.slice(count)) row.remove();
    for (let k = rows.length; k < count; k++) {
      const row = document.createElement("tr");
      row.setAttribute("aria-atomic", "true");
      row.innerHTML =
        '<th scope="row"><span class="text"></span></th><td><span class="text"></span></td>';
      table.append(row);
    }
    readCells();
  }

  /** @param {string[]} texts */
  function draw(texts) {
    resize((texts.length - 2 * plots.length - 1) / 2);
    const changed = (/** @type {number} */ index) => texts[index] !== shown[index];
    plots.forEach((plot, k) => {
      if (changed(2 * k)) /** @type {Element} */ (plot.lastElementChild).innerHTML = texts[2 * k];
      if (changed(2 * k + 1)) plot.setAttribute("aria-label", texts[2 * k + 1]);
    });
    cells.forEach((cell, k) => {
      const index = 2 * plots.length + k;
      if (changed(index)) write(cell, texts[index]);
    });
    shown = texts;
  }

  /** @param {string} text the message, or "" where there is none */
  function say(text) {
    if (message.textContent !== text) message.textContent = text;
    message.hidden = !text;
  }

  /** @param {boolean} on whether a screen reader announces what changes in the readout */
  function announce(on) {
    readout.setAttribute("aria-live", on ? "polite" : "off");
  }

  return { plots, draw, say, announce };
}
