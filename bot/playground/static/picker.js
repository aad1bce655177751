// The emoji picker: a search field over a grid that arrow keys walk through.

import { h } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { openPopover } from "./popover.js";

const COLUMNS = 8;
const SHOWN = 96;

/** Opens at the anchor and hands the chosen emoji's name to `choose`. */
export function openPicker(anchor, names, choose) {
  const grid = h("div", { class: "picker-grid", role: "group", "aria-label": "Emoji" });
  const search = h("input", { class: "field", type: "search", placeholder: "Search emoji", "aria-label": "Search emoji", autocomplete: "off" });
  const close = openPopover(anchor, h("div", { class: "picker", on: { keydown: move } }, search, grid), { label: "Choose an emoji" });
  search.addEventListener("input", draw);
  draw();
  search.focus();

  function draw() {
    const found = findEmoji(names, search.value.trim(), SHOWN);
    grid.replaceChildren(...found.map(cell));
    if (!found.length) grid.append(h("p", { class: "empty-line" }, "No emoji by that name."));
  }

  function cell(name, index) {
    return h("button", {
      type: "button", class: "picker-cell", title: `:${name}:`, "aria-label": name.replaceAll("_", " "), tabindex: index ? "-1" : "0",
      dataset: { emoji: name }, on: { click: () => pick(name) },
    }, names[name]);
  }

  function pick(name) {
    close();
    choose(name);
  }

  function move(event) {
    const cells = [...grid.querySelectorAll("button")];
    if (event.key === "Enter" && document.activeElement === search) {
      event.preventDefault();
      cells[0]?.click();
      return;
    }
    const at = cells.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: at < 0 ? 1 : COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (!step || (at < 0 && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const next = cells[at + step];
    if (next) next.focus();
    else if (at + step < 0) search.focus();
  }
}
