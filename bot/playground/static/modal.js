// A modal: the app's form in a dialog. It is updated in place, keeps what was typed, and shows errors at their fields.

import { h, uniqueId } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { isEmpty, valuesOf } from "./elements.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

export class Modal {
  /** `acts` has press(where, action), submit(view_id, values) and close(view_id); all answer or have said why not. */
  constructor(acts) {
    this.acts = acts;
    this.view = null;
    this.dialog = null;
    this.surface = null;
  }

  /** Shows the view, updates the one shown, or closes on null. */
  show(view, scene) {
    if (!view) return this.shut();
    const same = this.view?.id === view.id;
    if (same && looks(this.view) === looks(view)) return undefined;
    const kept = same ? touchedValues(this.surface.fields) : typedBefore(view);
    const focused = same && this.dialog.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.view = view;
    this.draw(view, scene, kept, same);
    if (!this.dialog.open) this.dialog.showModal();
    return this.focus(focused);
  }

  shut() {
    this.view = null;
    this.surface = null;
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = null;
  }

  draw(view, scene, kept, same) {
    this.dialog ??= this.newDialog();
    this.surface = { scene, kept, fields: [], headingLevel: 3 };
    const { surface } = this;
    surface.press = (action) => this.acts.press({ view: { id: view.id } }, { ...action, values: valuesOf(surface.fields) });
    const title = uniqueId("modal");
    const submit = view.submit && h("button", { type: "submit", class: "button primary" }, plain(view.submit.text, scene));
    const form = h("form", { class: "dialog-form", novalidate: true, on: { submit: (event) => this.submit(event, submit) } },
      h("header", { class: "dialog-head" },
        h("h2", { id: title, tabindex: "-1" }, plain(view.title?.text ?? "", scene)),
        h("button", { type: "button", class: "tool", "aria-label": "Close", on: { click: () => this.dismiss() } }, icon("close"))),
      h("div", { class: "dialog-body" },
        h("div", { class: "error-summary", role: "alert", hidden: true }),
        drawBlocks(view.blocks ?? [], surface)),
      h("footer", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", on: { click: () => this.dismiss() } }, plain(view.close?.text ?? "Cancel", scene)), submit),
    );
    this.dialog.setAttribute("aria-labelledby", title);
    const scrolled = this.dialog.querySelector(".dialog-body")?.scrollTop ?? 0;
    this.dialog.replaceChildren(form);
    form.querySelector(".dialog-body").scrollTop = same ? scrolled : 0;
  }

  newDialog() {
    const dialog = h("dialog", { class: "dialog modal", on: { cancel: (event) => this.escape(event) } });
    document.body.append(dialog);
    return dialog;
  }

  escape(event) {
    if (event.target !== this.dialog) return;
    event.preventDefault();
    this.dismiss();
  }

  dismiss() {
    const { id } = this.view;
    this.shut();
    this.acts.close(id);
  }

  focus(key) {
    const same = key && [...this.dialog.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
    const target = same ?? (key === null || key === undefined ? this.firstField() : null) ?? this.dialog.querySelector("h2");
    if (!this.dialog.contains(document.activeElement) || same || key === null) target.focus();
  }

  firstField() {
    return this.surface.fields[0]?.control ?? null;
  }

  async submit(event, button) {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const missing = this.problems();
    if (Object.keys(missing).length) return this.showErrors(missing);
    button.setAttribute("aria-busy", "true");
    try {
      const errors = await this.acts.submit(this.view.id, valuesOf(this.surface.fields));
      if (this.view) this.showErrors(errors ?? {});
    } finally {
      button.removeAttribute("aria-busy");
    }
    return undefined;
  }

  /** What can be said without asking the app: empty required inputs, wrong lengths and numbers. */
  problems() {
    const found = {};
    for (const { block, read, problem } of this.surface.fields) {
      if (block.type !== "input") continue;
      const sentence = problem?.() ?? (!block.optional && isEmpty(read()) ? "This one is needed." : null);
      if (sentence) found[block.block_id] = sentence;
    }
    return found;
  }

  showErrors(errors) {
    const places = [...this.dialog.querySelectorAll(".b-input")];
    let first = null;
    for (const place of places) {
      const sentence = Object.hasOwn(errors, place.dataset.block) ? errors[place.dataset.block] : null;
      const field = this.surface.fields.find(({ block }) => block.block_id === place.dataset.block);
      const line = place.querySelector(".error");
      line.hidden = !sentence;
      line.textContent = sentence ?? "";
      place.classList.toggle("wrong", Boolean(sentence));
      if (sentence) field?.control.setAttribute("aria-invalid", "true");
      else field?.control.removeAttribute("aria-invalid");
      if (sentence) first ??= field?.control;
    }
    this.sayElsewhere(errors, places);
    first?.focus();
  }

  /** An error for a block that is no input has no place of its own: it stands at the top. */
  sayElsewhere(errors, places) {
    const known = new Set(places.map((place) => place.dataset.block));
    const others = Object.entries(errors).filter(([block]) => !known.has(block)).map(([, sentence]) => sentence);
    const summary = this.dialog.querySelector(".error-summary");
    summary.hidden = others.length === 0;
    summary.textContent = others.join(" ");
  }
}

/** What can be seen of a view: when only its state differs, nothing has to be drawn again. */
const looks = ({ title, blocks, submit, close }) => JSON.stringify([title, blocks, submit, close]);

const touchedValues = (fields) => valuesOf(fields.filter(({ touched }) => touched));

/** What was filled in before this page was loaded, as far as the app has heard of it. */
const typedBefore = (view) => view.state?.values ?? {};
