// What every message has, in chats and in channels: its words or its card, reactions, and the toolbar that acts on it.

import { h, uniqueId } from "../dom.js";
import { fullOf, nearDay, shortDayOf, timeOf } from "../dates.js";
import { openMenu } from "../menu.js";
import { nameOf } from "../people.js";
import { openPicker } from "../picker.js";
import { drawCard, Undrawable } from "./cards.js";
import { CLASSICS, characterOf, EMOJI, kindOf, wordsFor } from "./emoji.js";
import { icon } from "./icons.js";
import { drawSaid, inOneLine } from "./said.js";

/** What a message looks like changes with this, and with nothing else. */
export function signOf(message, state, ...more) {
  const { reply_count, reply_authors, latest_reply, html, ...seen } = message;
  return state.editing === message.id ? "editing" : JSON.stringify([seen, nearDay(new Date(message.at), state.now, state.zone), ...more]);
}

/** Words, or a card; of a message that was deleted, that it was. */
export function drawBody(message, { state, acts, messages = [] }) {
  if (message.deleted) return h("div", { class: "gone" }, "This message has been deleted.");
  if (state.editing === message.id) return acts.editor(message);
  return h("div", { class: "body" },
    message.quotes && quotation(message, messages, state),
    message.text && h("div", { class: "words" }, drawSaid(message, state.scene)),
    message.card && cardOf(message, state, acts));
}

function cardOf(message, state, acts) {
  const where = { conversation: message.conversation, id: message.id };
  return safely(message.card, { scene: state.scene, act: (action) => acts.press(where, action) }, message.summary);
}

/** A card, or a sentence that is hard to overlook where there should be one. */
export function safely(card, surface, summary = "") {
  try {
    const node = drawCard(card, surface);
    if (!node.hasAttribute("aria-label") && summary) node.setAttribute("aria-label", summary);
    return node;
  } catch (error) {
    if (!(error instanceof Undrawable)) throw error;
    console.error(error);
    return h("div", { class: "undrawable", role: "alert", dataset: { undrawable: error.message } }, `This page cannot draw ${error.message}.`);
  }
}

function quotation(message, messages, state) {
  const quoted = messages.find(({ id }) => id === message.quotes);
  if (!quoted) return null;
  return h("blockquote", { class: "quotation" }, h("strong", {}, nameOf(state.person(quoted.author), quoted.author)),
    h("span", {}, quoted.deleted ? "This message has been deleted." : inOneLine(quoted)));
}

/** When it was said: today only the time, before that the day too. */
export function stamp(message, state) {
  const date = new Date(message.at);
  const near = nearDay(date, state.now, state.zone);
  const time = timeOf(date, state.zone);
  const words = near === "Today" ? time : `${near ?? shortDayOf(date, state.zone)} ${time}`;
  return h("time", { class: "stamp", datetime: message.at, title: fullOf(date, state.zone) }, words);
}

export const edited = (message) => message.edited && !message.deleted && h("span", { class: "edited" }, "Edited");

/** Reactions as small pills; one's own are marked. */
export function drawReactions(message, { state, acts }) {
  if (!message.reactions.length || message.deleted) return null;
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, message.reactions.map(({ kind, people }) => {
    const mine = people.includes(state.viewer);
    const who = new Intl.ListFormat("en").format(people.map((id) => (id === state.viewer ? "you" : nameOf(state.person(id), id))));
    return h("button", {
      type: "button", class: "reaction", "aria-pressed": String(mine), title: `${who}: ${wordsFor(kind)}`, "aria-label": `${wordsFor(kind)}, ${people.length}, by ${who}`,
      dataset: { key: `reaction/${kind}`, reaction: kind }, on: { click: () => acts.react(message, kind, !mine) },
    }, h("span", { class: "emoji" }, characterOf(kind)), h("span", {}, String(people.length)));
  }));
}

/** The toolbar that comes with the mouse or the focus. */
export function toolbar(message, { state, acts }) {
  if (message.deleted || state.editing === message.id) return null;
  const mine = message.author === state.viewer;
  const tools = [
    ...Object.keys(CLASSICS).map((kind) => quick(message, kind, state, acts)),
    tool("smile-add", "More reactions", (node) => openPicker(node, EMOJI, (name) => acts.react(message, kindOf(EMOJI[name]), true)), { "aria-haspopup": "dialog" }),
    acts.quote && tool("quote", "Reply", () => acts.quote(message)),
    mine && message.text && tool("edit", "Edit", () => acts.edit(message)),
    tool("more", "More options", (node) => openMenu(node, choices(message, mine, state, acts), "More options"), { "aria-haspopup": "menu" }),
  ];
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" }, tools);
}

function quick(message, kind, { viewer }, acts) {
  const mine = message.reactions.some((each) => each.kind === kind && each.people.includes(viewer));
  return h("button", { type: "button", class: "tool quick", "aria-label": wordsFor(kind), title: wordsFor(kind), "aria-pressed": String(mine), dataset: { key: `quick/${kind}` },
    on: { click: () => acts.react(message, kind, !mine) } }, h("span", { class: "emoji" }, CLASSICS[kind]));
}

function choices(message, mine, state, acts) {
  const byPerson = !message.by_bot && message.author !== state.bot.id;
  return [
    byPerson && { label: "Make it a request", detail: state.bot.name, choose: () => acts.makeRequest(message) },
    mine && message.text && { label: "Edit", choose: () => acts.edit(message) },
    mine && { label: "Delete", choose: () => acts.remove(message) },
    { label: "Copy text", choose: () => acts.copy(message) },
  ].filter(Boolean);
}

function tool(name, label, act, attributes = {}) {
  return h("button", { type: "button", class: "tool", "aria-label": label, title: label, ...attributes, dataset: { key: name }, on: { click: (event) => act(event.currentTarget) } }, icon(name));
}

/** A message's frame: named by who said it and when, reachable by keyboard. */
export function frame(message, classes, head, ...children) {
  head.id = uniqueId("by");
  return h("div", { class: ["said", "message", ...classes.filter(Boolean)].join(" "), role: "article", tabindex: "-1", "aria-labelledby": head.id, dataset: { id: message.id } }, head, children);
}
