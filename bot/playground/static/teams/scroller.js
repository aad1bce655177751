// A pane that stays at its end while more arrives, unless somebody has scrolled up to read.

import { h } from "../dom.js";
import { icon } from "./icons.js";

const NEAR = 90;

export class Scroller {
  constructor(content) {
    this.jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: () => this.toEnd() } }, icon("down"), "New messages");
    this.pane = h("div", { class: "pane" }, content);
    this.node = h("div", { class: "scroll" }, this.pane, this.jump);
    this.stick = true;
    this.pane.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.stick && this.toEnd()).observe(content);
  }

  scrolled() {
    this.stick = this.pane.scrollHeight - this.pane.scrollTop - this.pane.clientHeight < NEAR;
    if (this.stick) this.jump.hidden = true;
  }

  /** Something was drawn. */
  settle() {
    if (this.stick) this.toEnd();
  }

  /** Something new has arrived, perhaps out of sight. */
  arrived() {
    if (!this.stick) this.jump.hidden = false;
  }

  toEnd() {
    this.stick = true;
    this.jump.hidden = true;
    this.pane.scrollTop = this.pane.scrollHeight;
  }
}
