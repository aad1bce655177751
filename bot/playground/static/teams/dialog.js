// The dialog that an app puts in front of somebody.

import { h, uniqueId } from "../dom.js";
import { avatar } from "../people.js";
import { icon } from "./icons.js";
import { safely } from "./message.js";

const WIDTHS = { small: 340, medium: 520, large: 740 };
const HEIGHTS = { small: 280, medium: 560, large: 720 };

export class Dialog {
  /** `press` sends what was pressed, `close` says that it was closed by hand. */
  constructor({ press, close }) {
    this.press = press;
    this.close = close;
    this.node = null;
  }

  /** Shows a dialog, another in its place, or (null) none. */
  show(dialog, { scene, bot }) {
    const sign = JSON.stringify(dialog);
    if (this.node && this.sign === sign) return;
    this.sign = sign;
    if (!dialog) return this.shut();
    this.node ??= this.opened();
    const title = uniqueId("dialog");
    const card = safely(dialog.card, { scene, act: (action) => this.press(null, action) });
    this.node.setAttribute("aria-labelledby", title);
    this.node.style.setProperty("--width", `${size(dialog.width, WIDTHS)}px`);
    this.node.style.setProperty("--height", `${size(dialog.height, HEIGHTS)}px`);
    const close = h("button", { type: "button", class: "tool", "aria-label": "Close", on: { click: () => this.leave() } }, icon("close"));
    this.node.replaceChildren(
      h("header", { class: "dialog-head" }, avatar(bot, bot.id, "tiny"), h("div", {}, h("p", {}, bot.name), h("h2", { id: title, tabindex: "-1" }, dialog.title)), close),
      h("div", { class: "dialog-body" }, card));
    (card.querySelector("input, textarea, select") ?? this.node.querySelector("h2")).focus();
    return undefined;
  }

  opened() {
    const node = h("dialog", { class: "dialog", on: { cancel: (event) => (event.preventDefault(), this.leave()) } });
    document.body.append(node);
    node.showModal();
    return node;
  }

  leave() {
    this.shut();
    this.close();
  }

  shut() {
    this.node?.close();
    this.node?.remove();
    this.node = null;
    this.sign = null;
  }
}

const size = (given, named) => (typeof given === "number" ? given : named[given] ?? named.medium);
