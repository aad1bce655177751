// The box one writes in: Enter sends, @ names somebody, and above it stands what is answered or shared.

import { h, uniqueId } from "../dom.js";
import { avatar, nameOf } from "../people.js";
import { openPicker } from "../picker.js";
import { EMOJI } from "./emoji.js";
import { icon } from "./icons.js";

const LIMIT = 7;

export class Composer {
  /**
   * `known()` gives `{bot, people}` to name, and whether the bot has to be (`named`); `send(text, extra)` resolves to
   * true when it was taken. `leave` is what Escape does; `small` is the box of a reply.
   */
  constructor({ label, known, send, leave = null, small = false, text = "" }) {
    Object.assign(this, { known, send, leave, found: [], active: -1, extra: null });
    const list = uniqueId("names");
    this.input = h("textarea", {
      class: "write", rows: "1", "aria-label": label, placeholder: label, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list, "aria-haspopup": "listbox",
      on: { input: () => this.changed(), keydown: (event) => this.key(event), click: () => this.look(), blur: () => this.hide() },
    });
    this.list = h("ul", { class: "names", role: "listbox", id: list, "aria-label": "People", hidden: true });
    this.above = h("div", { class: "above", hidden: true });
    this.askButton = h("button", { type: "button", class: "ask", hidden: true, on: { click: () => this.askBot() } });
    this.sendButton = h("button", { type: "submit", class: "tool send", "aria-label": "Send", title: "Send (Enter)", disabled: true }, icon("send"));
    this.node = h("form", { class: small ? "composer small" : "composer", on: { submit: (event) => this.submit(event) } }, this.list,
      h("div", { class: "write-box" }, this.above, h("div", { class: "write-line" }, this.input,
        h("div", { class: "write-tools" }, this.askButton,
          this.tool("at", "Mention somebody", () => this.insert("@")),
          this.tool("smile", "Emoji", (node) => openPicker(node, EMOJI, (name) => this.insert(EMOJI[name]))),
          leave && small && this.tool("close", "Cancel", () => this.cancel()),
          this.sendButton))));
    this.text = text;
    this.offerBot();
  }

  tool(name, label, act) {
    return h("button", { type: "button", class: "tool", "aria-label": label, title: label, on: { click: (event) => act(event.currentTarget) } }, icon(name));
  }

  get text() {
    return this.input.value;
  }

  set text(value) {
    this.input.value = value;
    this.hide();
    this.fit();
  }

  setLabel(label) {
    this.input.setAttribute("aria-label", label);
    this.input.placeholder = label;
    this.offerBot();
  }

  /** Where the bot hears only what names it, a button does that. */
  offerBot() {
    const { bot, named } = this.known();
    this.askButton.hidden = !named;
    this.askButton.replaceChildren(`@${bot.name}`);
    this.askButton.title = `Ask ${bot.name}: it hears what mentions it`;
  }

  focus() {
    this.input.focus();
  }

  /** Shows above the box what goes along: a message that is answered, something to share. */
  take(extra, words, detail) {
    this.extra = extra;
    this.above.hidden = !extra;
    this.above.replaceChildren(...(extra ? [h("div", { class: "above-words" }, h("strong", {}, words), h("span", {}, detail)), this.tool("close", "Do not", () => this.take(null))] : []));
    this.fit();
    if (extra) this.focus();
  }

  cancel() {
    this.text = "";
    this.leave?.();
  }

  askBot() {
    const name = `@${this.known().bot.name} `;
    if (!this.text.startsWith(name.trim())) this.input.value = name + this.text;
    this.input.setSelectionRange(this.text.length, this.text.length);
    this.focus();
    this.changed();
  }

  insert(words) {
    const { selectionStart: from, selectionEnd: to } = this.input;
    const space = words === "@" && from > 0 && !/\s/.test(this.text[from - 1]) ? " " : "";
    this.input.setRangeText(space + words, from, to, "end");
    this.focus();
    this.changed();
  }

  changed() {
    this.fit();
    this.look();
  }

  fit() {
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight}px`;
    this.sendButton.disabled = this.text.trim() === "" && !this.extra?.alone;
  }

  /** Offers names for an @ before the caret. */
  look() {
    const before = this.text.slice(0, this.input.selectionStart);
    const token = /(?:^|[\s(])@([^\s@]*(?: [^\s@]*)?)$/.exec(before);
    const { bot, people } = this.known();
    const typed = token?.[1].toLowerCase();
    this.found = token ? [bot, ...people].filter((each) => fits(each.name, typed)).slice(0, LIMIT) : [];
    if (!this.found.length) return this.hide();
    this.from = before.length - token[1].length - 1;
    this.list.replaceChildren(...this.found.map((person) => this.option(person)));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    return this.mark(0);
  }

  option(person) {
    return h("li", { role: "option", id: uniqueId("name"), on: { pointerdown: (event) => event.preventDefault(), click: () => this.name(person) } },
      avatar(person, person.id, "tiny"), h("span", {}, nameOf(person)), h("small", {}, person.is_bot ? "App" : person.title));
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    this.input.setAttribute("aria-activedescendant", this.list.children[index].id);
  }

  hide() {
    this.found = [];
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  name(person) {
    this.input.setRangeText(`@${person.name} `, this.from, this.input.selectionStart, "end");
    this.hide();
    this.focus();
    this.fit();
  }

  key(event) {
    if (event.isComposing) return;
    if (this.found.length && this.choose(event)) return;
    if (event.key === "Enter" && !event.shiftKey) this.submit(event);
    else if (event.key === "Escape") this.escape(event);
  }

  escape(event) {
    event.stopPropagation();
    if (this.extra) this.take(null);
    else this.leave?.();
  }

  choose(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark((this.active + step + this.found.length) % this.found.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.name(this.found[this.active]);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Empties the box at once, and puts the text back if it was not taken. */
  async submit(event) {
    event.preventDefault();
    const { text: written, extra } = this;
    if (!written.trim() && !extra?.alone) return;
    this.text = "";
    this.take(null);
    const taken = await this.send(written.trim(), extra);
    if (!taken && !this.text) this.text = written;
  }
}

const fits = (name, typed) => name.toLowerCase().startsWith(typed) || name.toLowerCase().split(" ").some((word) => word.startsWith(typed));
