// The player of a panel.  Its states are texts that Python has drawn; this shows the one that the controls are set to.
// live.js in JupyterLab and page.js in a handout give it the controls.

// Unpack what packing.py has packed: a list of functions, each of which gives the texts of a state.
async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { templates, states, columns } = await new Response(text).json();
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
    const { parts, places } = templates[template];
    return parts.map((part, k) => part + (k < places.length ? words[places[k]][n] : "")).join("").split("\n");
  });
}

const STEP = 150; // milliseconds that Play rests on each step
const REST = 150; // milliseconds after which a hand is at rest, and what it may move to next is asked for
const LATE = 1000; // milliseconds after which a picture that is not there is spoken of
const ALL = 1000; // of so many states all are fetched, of more those that one control leads to
const MOST = 80; // states that are asked for at once

// Play `root`, the element that html.py makes.  A control has a name, stops (their labels), start (the place of one),
// get() and set(place).  ask(states) asks the kernel for states that are not there, if there is a kernel.
function play(root, controls, ask) {
  const states = new Map(); // number of a state → a function that gives its texts, or throws
  const plots = [...root.querySelectorAll("svg")];
  const readout = root.querySelector(".course-readout");
  const cells = [...readout.querySelectorAll("p, th, td")];
  const message = root.querySelector(".course-message");
  const button = root.querySelector("[name=play]");
  const steps = controls.find((control) => control.name === "steps");
  const count = controls.reduce((product, control) => product * control.stops.length, 1);
  let shown = [];
  let current = null; // the state that is shown
  let asked = null; // when the kernel was asked for what it has not answered yet
  let missing = null; // since when the wanted state has been missing
  let moving = false; // several controls, one after the other
  let [asking, resting, late, playing] = [null, null, null, null];

  const wanted = () => controls.reduce((state, control) => state * control.stops.length + control.get(), 0);

  function say(text) {
    if (message.textContent !== text) message.textContent = text;
    message.hidden = !text;
  }

  function draw(texts) {
    const changed = (place) => texts[place] !== shown[place];
    plots.forEach((plot, k) => {
      if (changed(2 * k)) plot.lastElementChild.innerHTML = texts[2 * k];
      if (changed(2 * k + 1)) plot.setAttribute("aria-label", texts[2 * k + 1]);
    });
    cells.forEach((cell, k) => {
      if (changed(2 * plots.length + k)) cell.textContent = texts[2 * plots.length + k];
    });
    shown = texts;
  }

  // Show the wanted state if it is there; else keep the picture and ask for it.
  function update() {
    if (moving) return;
    const state = wanted();
    if (state !== current) {
      const texts = states.get(state);
      if (texts) {
        missing = null;
        try {
          draw(texts());
          current = state;
          say("");
        } catch (error) {
          say(`This did not work, and the picture is the one before: ${error.message}`);
        }
      } else if (missing === null) {
        missing = Date.now();
      }
    } else {
      missing = null;
      say("");
    }
    clearTimeout(late);
    if (missing !== null) {
      late = setTimeout(() => {
        say("The kernel has not drawn this yet; the picture is the one before. If it is not busy, run the cell again.");
      }, LATE);
      clearTimeout(asking);
      asking = setTimeout(() => request([wanted()])); // when all controls that move together have moved
    }
    clearTimeout(resting);
    resting = setTimeout(rest, REST);
  }

  function request(numbers) {
    const wantedNow = numbers.filter((number) => !states.has(number)).slice(0, MOST);
    // A kernel that was restarted never answers: ask again after a while.
    if (!ask || !wantedNow.length || (asked !== null && Date.now() - asked < 10 * LATE)) return;
    asked = Date.now();
    ask(wantedNow);
  }

  // Fetch what the next move may lead to.
  function rest() {
    if (!ask || states.size >= count) return;
    const state = wanted();
    const near = [state];
    let weight = count;
    for (const control of controls) {
      weight /= control.stops.length;
      const place = control.get();
      control.stops.forEach((_, other) => near.push(state + (other - place) * weight));
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
    asked = null;
    return add(numbers, packed, errors);
  }

  function pause() {
    clearInterval(playing);
    playing = null;
    button.textContent = "Play";
    readout.setAttribute("aria-live", "polite");
  }

  function tick() {
    if (wanted() !== current) {
      // It is on its way, or it cannot be drawn, or it does not come.
      if (missing === null || Date.now() - missing > 3 * LATE) pause();
      return;
    }
    const next = steps.get() + 1;
    steps.set(Math.min(next, steps.stops.length - 1));
    if (next >= steps.stops.length - 1) pause();
  }

  button?.addEventListener("click", () => {
    if (playing !== null) {
      pause();
      return;
    }
    if (steps.get() === steps.stops.length - 1) steps.set(0);
    button.textContent = "Pause";
    readout.setAttribute("aria-live", "off"); // nobody can listen that fast
    playing = setInterval(tick, STEP);
  });

  root.querySelector("[name=reset]").addEventListener("click", () => {
    moving = true;
    for (const control of controls) control.set(control.start);
    moving = false;
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

  function stop() {
    if (playing !== null) pause();
    for (const timer of [asking, resting, late]) clearTimeout(timer);
  }

  return { add, answered, update, stop };
}
