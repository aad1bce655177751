// A chat: bubbles, one's own on the right.

import { dayKey, dayOf, nearDay } from "../dates.js";
import { h } from "../dom.js";
import { avatar, nameOf } from "../people.js";
import { drawBody, drawReactions, edited, frame, signOf, stamp, toolbar } from "./message.js";
import { keepOneTabStop, Rows, walked } from "./rows.js";
import { Scroller } from "./scroller.js";

const GROUP_MS = 5 * 60 * 1000;

export class Chat {
  constructor() {
    this.list = h("div", { class: "chat", role: "group", "aria-label": "Messages" });
    this.rows = new Rows(this.list);
    this.scroller = new Scroller(this.list);
    this.node = this.scroller.node;
    walked(this.list);
  }

  draw({ state, acts, before = null }) {
    this.rows.draw(before ? [before] : plan(state, acts));
    keepOneTabStop(this.list);
    this.scroller.settle();
  }
}

function plan(state, acts) {
  const rows = [];
  let previous = null;
  for (const message of state.messages) {
    const date = new Date(message.at);
    const newDay = !previous || dayKey(date, state.zone) !== dayKey(new Date(previous.at), state.zone);
    if (newDay) rows.push(dayRow(date, state));
    const grouped = !newDay && previous.author === message.author && date - new Date(previous.at) < GROUP_MS;
    const quoted = state.messages.find(({ id }) => id === message.quotes);
    rows.push({ key: message.id, sign: signOf(message, state, grouped, quoted?.plain), draw: () => bubble(message, { state, acts, grouped, messages: state.messages }) });
    previous = message;
  }
  return rows;
}

/** The line between two days. */
export function dayRow(date, state) {
  const words = nearDay(date, state.now, state.zone) ?? dayOf(date, state.zone);
  return { key: `day ${dayKey(date, state.zone)}`, sign: words, draw: () => h("div", { class: "day" }, h("h3", {}, words)) };
}

function bubble(message, context) {
  const { state, grouped } = context;
  const mine = message.author === state.viewer;
  const author = state.person(message.author);
  const head = h("div", { class: grouped ? "who visually-hidden" : "who" },
    h("span", { class: mine ? "author visually-hidden" : "author" }, nameOf(author, message.author)), stamp(message, state), edited(message));
  const box = h("div", { class: ["bubble", message.card && "with-card"].filter(Boolean).join(" ") }, drawBody(message, context));
  return frame(message, [mine && "mine", grouped && "grouped"], head,
    !mine && h("div", { class: "side" }, !grouped && avatar(author, message.author)),
    h("div", { class: "beside" }, box, toolbar(message, context)),
    drawReactions(message, context));
}
