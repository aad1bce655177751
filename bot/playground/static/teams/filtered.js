// A ChoiceSet that is searched by typing: a combobox over a list.

import { h, uniqueId } from "../dom.js";

const SHOWN = 50;

/** The field for `element`, with the choice of this value made. */
export function filteredSelect(element, chosen) {
  return new Filtered(element, chosen).field;
}

class Filtered {
  constructor({ choices = [], placeholder }, chosen) {
    this.choices = choices;
    this.chosen = choices.find(({ value }) => value === chosen) ?? null;
    this.active = -1;
    const id = uniqueId("filtered");
    this.control = h("input", {
      class: "ac-field", type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off",
      placeholder: placeholder || "Search", value: this.chosen?.title ?? "",
      on: { input: () => this.typed(), keydown: (event) => this.key(event), focus: () => this.control.select(), click: () => this.show(""), blur: () => this.leave() },
    });
    this.list = h("ul", { class: "ac-options", role: "listbox", id, "aria-label": "Choices", hidden: true });
  }

  get field() {
    const body = h("div", { class: "ac-filtered" }, this.control, this.list);
    return { control: this.control, body, read: () => this.chosen?.value ?? "" };
  }

  typed() {
    this.chosen = this.choices.find(({ title }) => title.toLowerCase() === this.control.value.trim().toLowerCase()) ?? null;
    this.show(this.control.value);
  }

  show(typed) {
    const wanted = typed.trim().toLowerCase();
    this.found = this.choices.filter(({ title }) => title.toLowerCase().includes(wanted)).slice(0, SHOWN);
    this.list.replaceChildren(...this.found.map((choice) => this.option(choice)));
    if (!this.found.length) this.list.append(h("li", { class: "ac-none", role: "option", "aria-disabled": "true" }, "Nobody and nothing by that name."));
    this.list.hidden = false;
    this.control.setAttribute("aria-expanded", "true");
    this.mark(wanted && this.found.length ? 0 : this.found.indexOf(this.chosen));
  }

  option(choice) {
    return h("li", { role: "option", id: uniqueId("choice"), on: { pointerdown: (event) => event.preventDefault(), click: () => this.take(choice) } }, choice.title);
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    const node = this.list.children[index];
    node?.scrollIntoView({ block: "nearest" });
    if (node) this.control.setAttribute("aria-activedescendant", node.id);
    else this.control.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.list.hidden = true;
    this.control.setAttribute("aria-expanded", "false");
    this.control.removeAttribute("aria-activedescendant");
  }

  take(choice) {
    this.chosen = choice;
    this.control.value = choice.title;
    this.hide();
  }

  /** Nothing half typed stays: the field says what will be sent. */
  leave() {
    this.hide();
    if (this.control.value.trim() === "") this.chosen = null;
    this.control.value = this.chosen?.title ?? "";
  }

  key(event) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!open) return this.show("");
      if (this.found.length) this.mark((this.active + step + this.found.length) % this.found.length);
    } else if (open && event.key === "Enter" && this.found[this.active]) {
      event.preventDefault();
      this.take(this.found[this.active]);
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.hide();
    }
    return undefined;
  }
}
