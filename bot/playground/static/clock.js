// The workspace's clock in the viewer's zone, and the moves that turn it forward.

import { h } from "./dom.js";
import { fullOf, shortDayOf, timeOf } from "./dates.js";

/** Shows the time; called again whenever it may have changed. */
export function drawClock(root, state) {
  const time = root.querySelector("time");
  const shown = `${shortDayOf(state.now, state.zone)}, ${timeOf(state.now, state.zone)}`;
  if (time.textContent === shown) return;
  time.replaceChildren(shown);
  time.setAttribute("datetime", state.now.toISOString());
  time.title = `${fullOf(state.now, state.zone)} (${state.zone})`;
}

/** A button for each move; while one is under way none can be pressed. */
export function drawMoves(root, state, move) {
  const buttons = state.moves.map(({ id, label }) => h("button", { type: "button", class: "move", on: { click: (event) => go(id, event.currentTarget) } }, label));
  root.replaceChildren(...buttons);

  async function go(id, pressed) {
    if (root.getAttribute("aria-busy") === "true") return;
    root.setAttribute("aria-busy", "true");
    pressed.classList.add("moving");
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    try {
      await move(id);
    } finally {
      root.removeAttribute("aria-busy");
      pressed.classList.remove("moving");
      for (const button of buttons) button.removeAttribute("aria-disabled");
    }
  }
}
