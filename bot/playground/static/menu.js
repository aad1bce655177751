// A menu button's menu: arrow keys move, Enter chooses, Escape closes.

import { h } from "./dom.js";
import { openPopover } from "./popover.js";

/** Opens a menu of `{label, detail?, href?, choose}`. */
export function openMenu(anchor, items, label) {
  const buttons = items.map((item) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", class: "menu-item", on: { click: () => pick(item) } },
      h("span", {}, item.label), item.detail && h("small", {}, item.detail)),
  );
  const close = openPopover(anchor, h("div", { class: "menu", on: { keydown: move } }, buttons), { label, role: "menu" });
  buttons[0]?.focus();

  function pick(item) {
    close();
    item.choose();
  }

  function move(event) {
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") close();
    if (next === undefined) return;
    event.preventDefault();
    buttons.at(next % buttons.length)?.focus();
  }
}
