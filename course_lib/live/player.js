// The player of a panel.  Its states are texts that Python has drawn; this shows the one that the controls are set to.
// live.js in JupyterLab and page.js in a handout give it the controls.

// Unpack what packing.py has packed: a list of functions, each of which gives the texts of a state.
async function unpack(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = letters.charCodeAt(k); // Uint8Array.from is far slower
  const text = new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));
  const { parts, templates, states, columns } = await new Response(text).json();
  const words = columns.map((changes) => {
    const column = [];
    let word = "";
    for (const change of changes) {
      if (typeof change === "number") {
        for (let k = 0; k < change; k++) column.push(word);
      } else {
        word = typeof change === "string" ? change : word.slice(0, change[0]) + change[1];
        column.push(word);
      }
    }
    while (column.length < states.length) column.push(word);
    return column;
  });
  return states.map((template, n) => () => {
    const [number, places] = templates[template];
    return parts[number].map((part, k) => part + (k < places.length ? words[places[k]][n] : "")).join("").split("\n");
  });
}

// Put a text into a cell, each number with an exponent in an element of its own, which does not break behind its minus.
function write(cell, text) {
  cell.replaceChildren(...text.split(/(\S+e-\d+)/).map((part, k) => {
    if (k % 2 === 0) return part;
    const number = document.createElement("span");
    number.textContent = part;
    return number;
  }));
}

const STEP = 150; // milliseconds that Play rests on each step
const REST = 150; // milliseconds without a move after which what the next move may lead to is fetched
const LATE = 1000; // milliseconds after which the page says that a picture is missing
const FORGET = 10000; // milliseconds after which the kernel is asked again, as a connection may have been cut
const ALL = 1000; // of so many states all are fetched, of more those that one control leads to
const MAX_ASKED = 80; // states that are asked for at once

// Make the player of `root`, the element that html.py makes.  A control has a name, stops (their labels), start (the
// index of one), get() and set(index).  ask(states) asks the kernel for states that are not here, if there is a kernel.
function makePlayer(root, controls, ask) {
  const states = new Map(); // number of a state → a function that gives its texts, or throws
  const plots = [...root.querySelectorAll("svg")];
  const readout = root.querySelector(".course-readout");
  const cells = [...readout.querySelectorAll("p, .text")];
  const message = root.querySelector(".course-message");
  const button = root.querySelector("[name=play]");
  const steps = controls.find((control) => control.name === "steps");
  const count = controls.reduce((product, control) => product * control.stops.length, 1);
  let shown = [...plots.flatMap(() => [null, null]), ...cells.map((cell) => cell.textContent)];
  const wanted = () => controls.reduce((state, control) => state * control.stops.length + control.get(), 0);
  let current = null; // the state that is shown; at first unknown, since a page may have been saved at any
  let failed = null; // a state that could not be drawn, as long as the controls are at it
  let missing = null; // since when the wanted state has been missing
  let askedAt = null; // when the kernel was asked for what it has not answered yet
  let moving = false; // several controls, one after the other
  let stopped = false;
  let [askTimer, restTimer, lateTimer, playTimer] = [null, null, null, null];
  let placed = null; // where Play has put the steps

  function say(text) {
    if (message.textContent !== text) message.textContent = text;
    message.hidden = !text;
  }

  function draw(texts) {
    const changed = (index) => texts[index] !== shown[index];
    plots.forEach((plot, k) => {
      if (changed(2 * k)) plot.lastElementChild.innerHTML = texts[2 * k];
      if (changed(2 * k + 1)) plot.setAttribute("aria-label", texts[2 * k + 1]);
    });
    cells.forEach((cell, k) => {
      if (changed(2 * plots.length + k)) write(cell, texts[2 * plots.length + k]);
    });
    shown = texts;
  }

  // Show the wanted state if it is here; else keep the picture and ask for it.
  function update() {
    if (moving || stopped) return;
    const state = wanted();
    if (failed !== null && failed !== state) {
      states.delete(failed); // whoever comes back to it asks again
      failed = null;
    }
    if (state === current || states.has(state)) {
      missing = null;
      try {
        if (state !== current) draw(states.get(state)());
        current = state;
        say("");
      } catch (error) {
        failed = state;
        say(`These settings could not be drawn, and the picture still shows the earlier ones: ${error.message}`);
      }
    } else if (ask) {
      missing ??= Date.now();
      clearTimeout(askTimer);
      askTimer = setTimeout(() => request([wanted()])); // when all controls that move together have moved
    }
    clearTimeout(lateTimer);
    if (missing !== null) lateTimer = setTimeout(warn, Math.max(0, missing + LATE - Date.now()));
    clearTimeout(restTimer);
    restTimer = setTimeout(prefetch, REST);
  }

  function warn() {
    say("The kernel has not drawn this yet; the picture still shows the earlier settings. " +
        "If the kernel is not busy or was restarted, run all cells again; if it stays so, reload the page first.");
    lateTimer = setTimeout(update, FORGET + REST);
  }

  function request(numbers) {
    const unknown = numbers.filter((number) => !states.has(number)).slice(0, MAX_ASKED);
    if (!ask || stopped || !unknown.length || (askedAt !== null && Date.now() - askedAt < FORGET)) return;
    askedAt = Date.now();
    ask(unknown);
  }

  // Fetch what the next move may lead to.
  function prefetch() {
    if (!ask || states.size >= count) return;
    const state = wanted();
    const near = [state];
    let weight = count;
    for (const control of controls) {
      weight /= control.stops.length;
      control.stops.forEach((_, index) => near.push(state + (index - control.get()) * weight));
    }
    if (near.some((number) => !states.has(number))) request(near);
    else if (count <= ALL) request([...Array(count).keys()]);
  }

  // Take states by number, and errors in place of those that could not be drawn.
  async function add(numbers, packed, errors = {}) {
    const unpacked = await unpack(packed);
    numbers.forEach((number, k) => states.set(number, unpacked[k]));
    for (const [number, text] of Object.entries(errors)) {
      states.set(Number(number), () => {
        throw new Error(text);
      });
    }
    update();
  }

  function answered(numbers, packed, errors) {
    askedAt = null;
    return add(numbers, packed, errors);
  }

  function pause() {
    clearInterval(playTimer);
    playTimer = null;
    if (button) button.textContent = "Play";
    readout.setAttribute("aria-live", "polite");
  }

  function tick() {
    const waited = wanted() !== current;
    // It is on its way; or it could not be drawn, or it does not come.
    if (waited && missing !== null && Date.now() - missing < 3 * LATE) return;
    if (waited || steps.get() !== placed) {
      pause(); // a hand, or another view, has moved the steps
      return;
    }
    placed += 1;
    if (placed >= steps.stops.length - 1) pause(); // first, so that the last picture is announced
    steps.set(placed);
  }

  button?.addEventListener("click", () => {
    if (playTimer !== null) {
      pause();
      return;
    }
    if (steps.get() === steps.stops.length - 1) steps.set(0);
    placed = steps.get();
    missing &&= Date.now();
    button.textContent = "Pause";
    readout.setAttribute("aria-live", "off"); // nobody can listen that fast
    playTimer = setInterval(tick, STEP);
  });

  root.querySelector("[name=reset]").addEventListener("click", () => {
    moving = true;
    try {
      for (const control of controls) control.set(control.start);
    } finally {
      moving = false;
    }
    update();
  });

  // A click on a plot sets the control that is measured along its x axis, at the nearest stop.
  for (const plot of plots) {
    const control = controls.find((one) => one.name === plot.dataset.pick);
    if (!control) continue;
    const [left, right, low, high] = plot.dataset.axis.split(" ").map(Number);
    plot.dataset.picks = control.name;
    plot.addEventListener("click", (event) => {
      const box = plot.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * plot.viewBox.baseVal.width;
      const value = low + ((x - left) / (right - left)) * (high - low);
      const off = control.stops.map((stop) => Math.abs(Number(stop) - value));
      if (x >= left && x <= right) control.set(off.indexOf(Math.min(...off)));
    });
  }

  pause(); // a page may have been saved while it played

  function stop() {
    stopped = true;
    if (playTimer !== null) pause();
    for (const timer of [askTimer, restTimer, lateTimer]) clearTimeout(timer);
  }

  return { add, answered, update, stop };
}
