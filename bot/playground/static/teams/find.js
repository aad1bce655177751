// The search of the app's message extension: type, choose, and send what was found.

import { debounce, h } from "../dom.js";
import { icon } from "./icons.js";

const SETTLE_MS = 180;

export class Find {
  /** `search(words)` resolves to results, `choose(result)` takes one. */
  constructor({ search, choose }) {
    Object.assign(this, { search, choose, results: [], active: -1, turn: 0 });
    this.input = h("input", {
      class: "find-input", type: "search", placeholder: "Find a request", "aria-label": "Find a request", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "find-list",
      autocomplete: "off", on: { focus: () => this.look(), input: () => this.settle(), keydown: (event) => this.key(event), blur: () => this.hide() },
    });
    this.list = h("ul", { class: "find-list", id: "find-list", role: "listbox", "aria-label": "Requests", hidden: true });
    this.node = h("div", { class: "find-box" }, icon("search"), this.input, this.list);
    this.settle = debounce(() => this.look(), SETTLE_MS);
  }

  async look() {
    const turn = (this.turn += 1);
    const results = await this.search(this.input.value.trim());
    if (turn !== this.turn || document.activeElement !== this.input || !results) return;
    this.results = results;
    this.draw();
  }

  draw() {
    const rows = this.results.map((result, index) => h("li", { role: "option", id: `found-${index}`, on: { pointerdown: (event) => event.preventDefault(), click: () => this.take(result) } },
      h("strong", {}, result.title), h("span", {}, result.text)));
    this.list.replaceChildren(...(rows.length ? rows : [h("li", { class: "none", role: "option", "aria-disabled": "true" }, "No request contains that.")]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(-1);
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
    if (index >= 0) this.input.setAttribute("aria-activedescendant", `found-${index}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.turn += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  take(result) {
    this.input.value = "";
    this.hide();
    this.choose(result);
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.results.length;
    if (event.key === "Escape") this.hide();
    if (this.list.hidden || !count) return;
    if (step) this.mark((this.active + step + count) % count);
    else if (event.key === "Enter") this.take(this.results[Math.max(this.active, 0)]);
    else return;
    event.preventDefault();
  }
}
