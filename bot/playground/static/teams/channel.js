// A channel: posts, each a box with the replies below it and room for another.

import { dayKey } from "../dates.js";
import { h } from "../dom.js";
import { avatar, nameOf } from "../people.js";
import { dayRow } from "./chat.js";
import { Composer } from "./composer.js";
import { icon } from "./icons.js";
import { drawBody, drawReactions, edited, frame, signOf, stamp, toolbar } from "./message.js";
import { keepOneTabStop, Rows, walked } from "./rows.js";
import { Scroller } from "./scroller.js";

export class Channel {
  constructor() {
    this.list = h("div", { class: "posts", role: "group", "aria-label": "Posts" });
    this.rows = new Rows(this.list);
    this.posts = new Map();
    this.scroller = new Scroller(this.list);
    this.node = this.scroller.node;
    walked(this.list);
  }

  draw({ state, acts, before = null }) {
    this.rows.draw(before ? [before] : this.plan(state, acts));
    for (const message of before ? [] : state.messages) this.posts.get(message.id).draw(message, { state, acts });
    keepOneTabStop(this.list);
    this.scroller.settle();
  }

  plan(state, acts) {
    const rows = [];
    let day = null;
    for (const message of state.messages) {
      const date = new Date(message.at);
      if (dayKey(date, state.zone) !== day) rows.push(dayRow(date, state));
      day = dayKey(date, state.zone);
      if (!this.posts.has(message.id)) this.posts.set(message.id, new Post(message, acts));
      rows.push({ key: message.id, sign: "post", draw: () => this.posts.get(message.id).node });
    }
    return rows;
  }
}

/** One post with its thread. It stays the same object while it changes, so that a half-written reply is kept. */
class Post {
  constructor(message, acts) {
    this.acts = acts;
    this.id = message.id;
    this.head = h("div");
    this.replies = h("div", { class: "replies" });
    this.foot = h("div", { class: "post-foot" });
    this.rows = new Rows(this.head);
    this.threadRows = new Rows(this.replies);
    this.more = h("button", { type: "button", class: "more-replies", on: { click: () => this.acts.openThread(this.id) } });
    this.reply = h("button", { type: "button", class: "start-reply", on: { click: () => this.write() } }, icon("quote"), "Reply");
    this.composer = null;
    this.node = h("section", { class: "post", "aria-label": "Post and replies" }, this.head, this.more, this.replies, this.foot);
    this.foot.append(this.reply);
  }

  draw(message, context) {
    const { state } = context;
    const replies = state.threads.get(message.id) ?? [];
    this.message = message;
    this.rows.draw([this.row(message, context, "root")]);
    this.threadRows.draw(replies.map((reply) => this.row(reply, context, "reply")));
    this.fold(message, state);
    this.foot.hidden = message.deleted;
  }

  row(message, context, kind) {
    return { key: message.id, sign: signOf(message, context.state), draw: () => entry(message, context, kind) };
  }

  fold(message, state) {
    this.more.hidden = state.threads.has(message.id) || message.reply_count === 0;
    if (this.more.hidden) return;
    const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
    const names = message.reply_authors.map((id) => nameOf(state.person(id), id));
    this.more.replaceChildren(icon("right"), h("strong", {}, count), h("span", {}, ` from ${new Intl.ListFormat("en").format(names)}`));
  }

  /** Puts a box to write in where the button was. */
  write() {
    this.composer ??= new Composer({ label: "Reply", known: () => this.acts.known(), send: (text) => this.acts.reply(this.message, text), small: true, leave: () => this.shut() });
    this.foot.replaceChildren(this.composer.node);
    this.composer.focus();
  }

  shut() {
    if (this.composer.text.trim()) return;
    this.foot.replaceChildren(this.reply);
    this.reply.focus();
  }
}

function entry(message, context, kind) {
  const { state } = context;
  const author = state.person(message.author);
  const head = h("div", { class: "who" }, h("span", { class: "author" }, nameOf(author, message.author)), stamp(message, state), edited(message));
  return frame(message, ["entry", kind], head,
    h("div", { class: "side" }, avatar(author, message.author, kind === "reply" ? "tiny" : "")),
    h("div", { class: "beside" }, drawBody(message, context), drawReactions(message, context)),
    toolbar(message, context));
}
