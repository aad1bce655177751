// The list of messages with its day dividers: redraws only what changed, keeps focus and scroll position.

import { h } from "./dom.js";
import { dayKey, dayOf, nearDay } from "./dates.js";
import { icon } from "./icons.js";
import { drawMessage } from "./message.js";

const GROUP_MS = 5 * 60 * 1000;
const NEAR_END = 80;

export class MessageList {
  constructor({ label, inThread = false }) {
    this.inThread = inThread;
    this.rows = new Map();
    this.list = h("ol", { class: "messages", "aria-label": label, on: { keydown: (event) => this.key(event), focusin: (event) => this.follow(event) } });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: () => this.toEnd() } }, "New messages", icon("down"));
    this.scroller = h("div", { class: "scroller", on: { scroll: () => this.nearEnd() && (this.jump.hidden = true) } }, this.list);
    this.node = h("div", { class: "list" }, this.scroller, this.jump);
    new ResizeObserver(() => this.stick && this.toEnd()).observe(this.list);
    this.scroller.addEventListener("scroll", () => (this.stick = this.nearEnd()), { passive: true });
    this.stick = true;
  }

  clear() {
    this.rows.clear();
    this.list.replaceChildren();
    this.stick = true;
  }

  /** Draws `messages`; `before` (an intro, or an empty state) stands above them. */
  draw(messages, { scene, acts, unreadFrom = null, before = null }) {
    const wasAtEnd = this.stick;
    const last = this.rows.size ? [...this.rows.keys()].at(-1) : null;
    const rows = this.plan(messages, scene, unreadFrom);
    const focus = this.focused();
    const next = new Map();
    for (const row of rows) {
      const old = this.rows.get(row.key);
      next.set(row.key, old?.sign === row.sign ? old : { sign: row.sign, node: row.draw(scene, acts) });
    }
    this.rows = next;
    this.arrange([before, ...[...next.values()].map((row) => row.node)].filter(Boolean));
    this.restore(focus);
    this.keepOneTabStop();
    if (wasAtEnd) this.toEnd();
    else if (last && rows.length && rows.at(-1).key !== last) this.jump.hidden = false;
  }

  plan(messages, scene, unreadFrom) {
    const rows = [];
    let previous = null;
    for (const message of messages) {
      const date = new Date(message.at);
      const day = dayKey(date, scene.zone);
      const newDay = !previous || day !== dayKey(new Date(previous.at), scene.zone);
      if (newDay) rows.push(this.dayRow(day, date, scene));
      const unread = message.ts === unreadFrom;
      if (unread) rows.push({ key: "unread", sign: "unread", draw: () => h("li", { class: "divider unread" }, h("span", {}, "New")) });
      const grouped = !newDay && !unread && continues(previous, message);
      const { reply_users, ...rest } = message;
      const sign = JSON.stringify([rest, reply_users, grouped, nearDay(date, scene.now(), scene.zone), scene.channels().length]);
      rows.push({ key: message.ts, sign, draw: (...with_) => this.message(message, grouped, ...with_) });
      previous = message;
    }
    return rows;
  }

  dayRow(day, date, scene) {
    const words = nearDay(date, scene.now(), scene.zone) ?? dayOf(date, scene.zone);
    return { key: `day ${day}`, sign: words, draw: () => h("li", { class: "divider day" }, h("h3", {}, words)) };
  }

  message(message, grouped, scene, acts) {
    return drawMessage(message, { scene, acts, grouped, inThread: this.inThread });
  }

  /** Puts nodes in order without touching those that already stand right, so that focus survives. */
  arrange(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.list.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
  }

  focused() {
    const active = document.activeElement;
    const row = this.list.contains(active) ? active.closest(".message") : null;
    return row && { ts: row.dataset.ts, key: active.dataset.key, active };
  }

  restore(focus) {
    if (!focus || focus.active.isConnected) return;
    const row = this.rows.get(focus.ts)?.node;
    const same = focus.key && [...(row?.querySelectorAll("[data-key]") ?? [])].find((node) => node.dataset.key === focus.key);
    (same ?? row)?.focus({ preventScroll: true });
  }

  /** Tab reaches one message of the list; arrow keys walk from there. */
  keepOneTabStop() {
    const messages = this.messageNodes();
    if (messages.some((node) => node.tabIndex === 0)) return;
    if (messages.length) messages.at(-1).tabIndex = 0;
  }

  messageNodes() {
    return [...this.list.querySelectorAll(":scope > .message")];
  }

  follow(event) {
    const row = event.target.closest(".message");
    for (const node of this.messageNodes()) node.tabIndex = node === row ? 0 : -1;
  }

  key(event) {
    if (!event.target.matches(".message") || event.altKey || event.ctrlKey || event.metaKey) return;
    const messages = this.messageNodes();
    const at = messages.indexOf(event.target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: messages.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    messages[Math.min(Math.max(to, 0), messages.length - 1)].focus();
  }

  nearEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_END;
  }

  toEnd() {
    this.stick = true;
    this.jump.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

function continues(previous, message) {
  return (
    previous.user === message.user && previous.ephemeral === message.ephemeral && !message.broadcast && !message.blocks?.length && !previous.blocks?.length &&
    new Date(message.at) - new Date(previous.at) < GROUP_MS
  );
}
