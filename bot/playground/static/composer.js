// The box one writes in: sends on Enter, completes commands, people, channels and emoji.

import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { openPicker } from "./picker.js";
import { suggest } from "./suggest.js";

export class Composer {
  /** `known()` tells what can be completed; `send(text)` resolves to true when the text was taken. */
  constructor({ label, known, send, commands = true }) {
    this.known = known;
    this.send = send;
    this.suggestions = null;
    this.active = -1;
    const list = uniqueId("suggestions");
    this.input = h("textarea", {
      class: "composer-input", rows: "1", "aria-label": label, placeholder: label, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list, "aria-haspopup": "listbox", on: {
        input: () => this.changed(), keydown: (event) => this.key(event), click: () => this.look(), blur: () => this.hide(),
        keyup: (event) => ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) && this.look(),
      },
    });
    this.list = h("ul", { class: "suggest-list", role: "listbox", id: list, "aria-label": "Suggestions" });
    this.title = h("p", { class: "suggest-title", "aria-hidden": "true" });
    this.popup = h("div", { class: "suggest", hidden: true }, this.title, this.list);
    this.note = h("p", { class: "composer-note", role: "alert", hidden: true });
    this.sendButton = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)", disabled: true }, icon("send"));
    this.node = h("form", { class: "composer", on: { submit: (event) => this.submit(event) } },
      this.popup, this.note,
      h("div", { class: "composer-box" }, this.input,
        h("div", { class: "composer-tools" },
          commands && this.tool("slash", "Use a command", () => this.startCommand()),
          this.tool("at", "Mention somebody", () => this.insert("@")),
          this.tool("smile", "Insert an emoji", (node) => openPicker(node, this.known().emoji, (name) => this.insert(`:${name}: `))),
          h("span", { class: "composer-keys", "aria-hidden": "true" }, "Enter sends · Shift + Enter starts a new line"),
          this.sendButton)));
  }

  tool(name, label, act) {
    return h("button", { type: "button", class: "tool", "aria-label": label, title: label, on: { click: (event) => act(event.currentTarget) } }, icon(name));
  }

  setLabel(label) {
    this.input.setAttribute("aria-label", label);
    this.input.placeholder = label;
  }

  get text() {
    return this.input.value;
  }

  set text(value) {
    this.input.value = value;
    this.hide();
    this.say(null);
    this.fit();
  }

  focus() {
    this.input.focus();
  }

  /** A sentence above the box, about what is written in it. */
  say(sentence) {
    this.note.hidden = !sentence;
    this.note.textContent = sentence ?? "";
  }

  /** Shuts the box where nothing can be written, and says why; null opens it. */
  close(sentence) {
    this.node.classList.toggle("closed", Boolean(sentence));
    this.input.disabled = Boolean(sentence);
    if (sentence) this.say(sentence);
  }

  startCommand() {
    const [first] = this.known().commands;
    if (!this.text.startsWith("/")) this.input.value = `${first?.command ?? "/"} ${this.text}`;
    this.input.setSelectionRange(this.text.length, this.text.length);
    this.focus();
    this.changed();
  }

  insert(words) {
    const { selectionStart: from, selectionEnd: to } = this.input;
    const space = words.startsWith("@") && from > 0 && !/\s/.test(this.text[from - 1]) ? " " : "";
    this.input.setRangeText(space + words, from, to, "end");
    this.focus();
    this.changed();
  }

  changed() {
    this.say(null);
    this.fit();
    this.look();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    this.sendButton.disabled = this.text.trim() === "";
  }

  look() {
    this.suggestions = suggest(this.text, this.input.selectionStart, this.known());
    if (!this.suggestions) return this.hide();
    this.active = this.suggestions.ready ? this.suggestions.items.findIndex((item) => item.insert !== null) : -1;
    this.title.textContent = this.suggestions.title;
    this.list.replaceChildren(...this.suggestions.items.map((item, index) => this.option(item, index)));
    this.popup.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    return this.mark();
  }

  option(item, index) {
    const glyph = item.user ? avatar(item.user, item.user.id, "tiny") : item.glyph && h("span", { class: "emoji", "aria-hidden": "true" }, item.glyph);
    return h("li", {
      role: "option", id: uniqueId("option"), class: item.insert === null ? "reminder" : "", "aria-disabled": item.insert === null ? "true" : null,
      on: { pointerdown: (event) => event.preventDefault(), click: () => this.take(index) },
    }, glyph, h("span", { class: "suggest-label" }, item.label), item.detail && h("span", { class: "suggest-detail" }, item.detail));
  }

  mark() {
    [...this.list.children].forEach((node, index) => {
      node.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) node.scrollIntoView({ block: "nearest" });
    });
    const id = this.list.children[this.active]?.id;
    if (id) this.input.setAttribute("aria-activedescendant", id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.suggestions = null;
    this.active = -1;
    this.popup.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  take(index) {
    const item = this.suggestions?.items[index];
    if (!item?.insert) return;
    this.input.setRangeText(item.insert, this.suggestions.from, this.suggestions.to, "end");
    this.focus();
    this.changed();
  }

  key(event) {
    if (event.isComposing) return;
    if (this.suggestions && this.choose(event)) return;
    if (event.key === "Enter" && !event.shiftKey) this.submit(event);
  }

  /** Keys that belong to the suggestions while they are open; true when the key was used. */
  choose(event) {
    const count = this.suggestions.items.length;
    const takable = this.suggestions.items.findIndex((item) => item.insert !== null) >= 0;
    if (event.key === "Escape") this.hide();
    else if (event.key === "ArrowDown" && takable) this.step(1, count);
    else if (event.key === "ArrowUp" && takable) this.step(-1, count);
    else if (event.key === "Tab" && !event.shiftKey && takable) this.take(Math.max(this.active, 0));
    else if (event.key === "Enter" && !event.shiftKey && this.active >= 0) this.take(this.active);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  step(by, count) {
    this.active = this.active < 0 && by < 0 ? count - 1 : (this.active + by + count) % count;
    this.mark();
  }

  /** Empties the box at once, and puts the text back if it was not taken. */
  async submit(event) {
    event.preventDefault();
    const written = this.text;
    if (!written.trim()) return;
    this.text = "";
    const taken = await this.send(written.trim());
    if (taken || this.text) return;
    const note = this.note.textContent;
    this.text = written;
    this.say(note || null);
  }
}
