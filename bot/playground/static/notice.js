// Short notes at the edge of the page, and words for screen readers only.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 8000;

/** Shows a sentence for a while. It lives in the top layer, so a modal does not hide it. */
export function notice(text, { error = false } = {}) {
  const root = document.getElementById("notices");
  const node = h("div", { class: error ? "notice error" : "notice", role: error ? "alert" : "status" }, h("span", {}, text),
    h("button", { type: "button", class: "tool", "aria-label": "Dismiss", on: { click: () => drop(node) } }, icon("close")));
  root.append(node);
  if (root.matches(":popover-open")) root.hidePopover();
  root.showPopover();
  setTimeout(() => drop(node), SHOWN_MS);
}

function drop(node) {
  const root = document.getElementById("notices");
  node.remove();
  if (!root.children.length && root.matches(":popover-open")) root.hidePopover();
}

/** Says something politely to a screen reader. */
export function announce(text) {
  const live = document.getElementById("live");
  live.replaceChildren(h("p", {}, text));
}
