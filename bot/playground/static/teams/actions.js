// The buttons of a card: pressing, unfolding, and what hides behind the dots.

import { h, uniqueId } from "../dom.js";
import { openMenu } from "../menu.js";
import { icon } from "./icons.js";
import { safeUrl, Undrawable } from "./text.js";

const MOST = 6;
const KNOWN = {
  "Action.Execute": "type id title verb data style mode tooltip associatedInputs isEnabled fallback",
  "Action.Submit": "type id title data style mode tooltip associatedInputs isEnabled fallback",
  "Action.OpenUrl": "type id title url style mode tooltip isEnabled fallback role",
  "Action.ShowCard": "type id title card style mode tooltip isEnabled fallback",
};
const STYLES = ["default", "positive", "destructive"];

/** The actions that can be drawn, for tests. */
export const DRAWABLE_ACTIONS = Object.keys(KNOWN);

/** A row of buttons with room below for what they unfold. */
export function drawActions(actions, place, key) {
  const row = new Row(place);
  const all = (actions ?? []).map((action, index) => ({ action: checked(action), path: [...place.path, key, index] }));
  const shown = all.filter(({ action }) => (action.mode ?? "primary") === "primary").slice(0, MOST);
  const hidden = all.filter((each) => !shown.includes(each));
  const buttons = shown.map((each) => row.button(each));
  if (hidden.length) buttons.push(row.overflow(hidden));
  return h("div", { class: "ac-actions" }, h("div", { class: "ac-buttons" }, buttons), row.room);
}

function checked(action) {
  if (!Object.hasOwn(KNOWN, action.type)) throw new Undrawable(`the action ${action.type}`);
  const known = KNOWN[action.type].split(" ");
  const other = Object.keys(action).find((key) => !known.includes(key));
  if (other) throw new Undrawable(`${action.type}.${other}`);
  if (!STYLES.includes(action.style ?? "default")) throw new Undrawable(`${action.type}.style = ${action.style}`);
  if (!["primary", "secondary"].includes(action.mode ?? "primary")) throw new Undrawable(`${action.type}.mode = ${action.mode}`);
  if (!action.title) throw new Undrawable(`${action.type} without a title`);
  return action;
}

class Row {
  constructor(place) {
    this.place = place;
    this.room = h("div", { class: "ac-room", id: uniqueId("room") });
    this.open = null;
    this.cards = new Map();
  }

  button(each) {
    const { action, path } = each;
    const attributes = { class: `ac-button ac-${action.style ?? "default"}`, title: action.tooltip, dataset: { key: path.join("/") } };
    if (action.type === "Action.OpenUrl") {
      return h("a", { ...attributes, href: safeUrl(action.url), target: "_blank", rel: "noopener noreferrer" }, action.title);
    }
    const node = h("button", { ...attributes, type: "button", "aria-disabled": action.isEnabled === false ? "true" : null,
      on: { click: () => action.isEnabled !== false && this.press(each, node) } }, action.title);
    if (action.type === "Action.ShowCard") {
      node.setAttribute("aria-expanded", "false");
      node.setAttribute("aria-controls", this.room.id);
      node.append(icon("down"));
    }
    this.prepare(each);
    return node;
  }

  /** What a button unfolds is drawn beforehand, so that what cannot be drawn is found at once. */
  prepare({ action, path }) {
    if (action.type !== "Action.ShowCard") return;
    const { place } = this;
    const own = { ...place, fields: [], around: place, path: [...path, "card"], level: place.level + 1 };
    this.cards.set(action, place.drawWithin(action.card, own));
  }

  overflow(hidden) {
    for (const each of hidden) this.prepare(each);
    const node = h("button", { type: "button", class: "ac-button ac-more", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", dataset: { key: "overflow" } }, icon("more"));
    const choose = (each) => (each.action.type === "Action.OpenUrl" ? window.open(safeUrl(each.action.url), "_blank", "noopener") : this.press(each, node));
    node.addEventListener("click", () => openMenu(node, hidden.map((each) => ({ label: each.action.title, choose: () => choose(each) })), "More actions"));
    return node;
  }

  press(each, node) {
    if (each.action.type === "Action.ShowCard") return this.unfold(each, node);
    return this.send(each, node);
  }

  unfold({ action }, node) {
    const same = this.open === action;
    for (const other of this.room.parentElement.querySelectorAll(":scope > .ac-buttons > [aria-expanded='true']")) other.setAttribute("aria-expanded", "false");
    this.open = same ? null : action;
    this.room.replaceChildren(...(same ? [] : [h("div", { class: "ac-unfolded" }, this.cards.get(action))]));
    if (!same && !node.classList.contains("ac-more")) node.setAttribute("aria-expanded", "true");
    if (!same) this.room.scrollIntoView({ block: "nearest" });
    if (!same && node.classList.contains("ac-more")) this.room.querySelector("button, input, select, textarea, a")?.focus();
  }

  async send({ action, path }, node) {
    if (node.getAttribute("aria-busy") === "true") return;
    const fields = (action.associatedInputs ?? "auto").toLowerCase() === "none" ? [] : fieldsAround(this.place);
    const wrong = Object.fromEntries(fields.map((field) => [field.id, field.problem()]).filter(([, words]) => words));
    if (showProblems(fields, wrong)) return;
    node.setAttribute("aria-busy", "true");
    try {
      const inputs = Object.fromEntries(fields.map((field) => [field.id, field.read()]));
      showProblems(fields, (await this.place.act({ path, title: action.title, inputs })) ?? {});
    } finally {
      node.removeAttribute("aria-busy");
    }
  }
}

/** The fields of a card, and of the cards around it. */
function fieldsAround(place) {
  return place.around ? [...fieldsAround(place.around), ...place.fields] : place.fields;
}

/** Says under each field what is wrong with it; true when anything is. */
function showProblems(fields, wrong) {
  const found = fields.filter((field) => field.say(wrong[field.id] ?? null));
  found[0]?.focus();
  found[0]?.node.scrollIntoView({ block: "nearest" });
  return found.length > 0;
}
