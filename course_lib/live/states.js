// @ts-check
// The states of a panel: those that Python has sent, and what the kernel is asked for.

/**
 * The texts of a state, in the order of SettingsGrid.texts; one alone says why it was not drawn.
 * @typedef {{ texts: string[] }} State
 */

/**
 * What packing.py packs.
 * @typedef {object} Packed
 * @property {string[][]} parts
 * @property {[number, number[]][]} templates
 * @property {number[]} states
 * @property {(number | string | [number, string])[][]} columns
 */

// Milliseconds without a move until the states that the next move may lead to are fetched.
export const REST = 150;
// Milliseconds until the kernel is asked again, as the connection may have been cut.
export const FORGET = 10000;
const ALL = 1000; // up to so many states are all fetched in the end, unless the kernel is slow
const MAX_ASKED = 80; // how many states are asked for at once

/**
 * Unpack what packing.py has packed. The texts of a state are put together when they are read.
 * @param {string} base64
 * @returns {Promise<State[]>}
 */
async function unpack(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  // Uint8Array.from is far slower.
  for (let k = 0; k < bytes.length; k++) bytes[k] = letters.charCodeAt(k);
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  /** @type {Packed} */
  const { parts, templates, states, columns } = await new Response(text).json();
  const words = columns.map((changes) => {
    /** @type {string[]} */
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
  return states.map((template, n) => ({
    get texts() {
      const [number, places] = templates[template];
      const word = (/** @type {number} */ k) => k < places.length ? words[places[k]][n] : "";
      return parts[number].map((between, k) => between + word(k)).join("").split("\n");
    },
  }));
}

/**
 * Make the store of the states.
 * @param {number[]} sizes how many stops each control has
 * @param {(numbers: number[]) => void} [ask] asks the kernel for states, if there is a kernel
 */
export function makeStates(sizes, ask) {
  /** @type {Map<number, State>} */
  const here = new Map();
  const count = sizes.reduce((product, size) => product * size, 1);
  let failed = -1; // the state that the controls are at, if it could not be drawn
  let askedAt = -Infinity; // when the kernel was last asked, if it has not answered yet
  let asked = 0; // how many states it was asked for
  let isSlow = false; // whether it drew fewer of them, because each takes long
  let pause = 0; // milliseconds to wait before asking again, if it drew none because a cell runs
  let [askTimer, restTimer] = [0, 0];

  /**
   * Take states by number.
   * @param {number[]} numbers
   * @param {string} packed
   */
  async function add(numbers, packed) {
    const unpacked = await unpack(packed);
    numbers.forEach((number, k) => here.set(number, unpacked[k]));
  }

  /**
   * The kernel has answered, and may be asked for more.
   * @param {number} number of states
   */
  function answered(number) {
    askedAt = -Infinity;
    isSlow = number < asked;
    pause = number ? 0 : REST;
  }

  /**
   * Return the texts of the state that the controls are set to, if it is here; else ask for it. When
   * the hand rests, ask also for what the next move may lead to.
   * @param {number} number
   */
  function want(number) {
    if (ask && number !== failed) here.delete(failed); // ask again on coming back
    const texts = here.get(number)?.texts;
    failed = texts?.length === 1 ? number : -1;
    stop();
    // The timer lets all controls that move together move first.
    if (!texts) askTimer = setTimeout(() => request([number]), pause);
    restTimer = setTimeout(() => prefetch(number), REST);
    return texts;
  }

  /** Ask for nothing more until another state is wanted. */
  function stop() {
    clearTimeout(askTimer);
    clearTimeout(restTimer);
  }

  /** @param {number[]} numbers */
  function request(numbers) {
    const unknown = numbers.filter((number) => !here.has(number)).slice(0, MAX_ASKED);
    if (!unknown.length || Date.now() - askedAt < FORGET) return;
    askedAt = Date.now();
    asked = unknown.length;
    ask?.(unknown);
  }

  /** @param {number} number */
  function prefetch(number) {
    if (here.size >= count) return;
    const near = [number];
    let weight = count;
    for (const size of sizes) {
      weight /= size;
      const index = Math.floor(number / weight) % size;
      for (let k = 0; k < size; k++) near.push(number + (k - index) * weight);
    }
    if (near.some((one) => !here.has(one))) request(near);
    else if (count <= ALL && !isSlow) request([...Array(count).keys()]);
  }

  return { add, answered, want, stop };
}
