// One message: who, when, what, reactions, replies, and the toolbar that acts on it.

import { h, uniqueId } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { fullOf, nearDay, shortDayOf, timeOf } from "./dates.js";
import { valuesOf } from "./elements.js";
import { emojiChar } from "./emoji.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, nameOf } from "./people.js";
import { openPicker } from "./picker.js";

/** `acts` does what people ask for; `grouped` messages continue the one above and show no name. */
export function drawMessage(message, { scene, acts, grouped, inThread }) {
  const author = scene.user(message.user);
  const name = nameOf(author, message.user);
  const by = uniqueId("by");
  return h("li", {
    class: ["message", grouped && "grouped", message.ephemeral && "ephemeral"].filter(Boolean).join(" "),
    tabindex: "-1", "aria-labelledby": by, dataset: { ts: message.ts },
  },
    h("div", { class: "message-side" }, grouped ? stamp(message, scene, "side") : avatar(author, message.user)),
    h("div", { class: "message-main" },
      h("div", { class: grouped ? "message-head visually-hidden" : "message-head", id: by },
        h("span", { class: "author" }, name),
        author?.is_bot && h("span", { class: "badge" }, "App"),
        author?.title && !author.is_bot && h("span", { class: "title" }, author.title),
        stamp(message, scene),
      ),
      message.ephemeral && onlyYou(message, acts),
      message.broadcast && !inThread && fromThread(message, acts),
      body(message, scene, acts),
      reactions(message, scene, acts),
      !inThread && message.reply_count > 0 && replies(message, scene, acts),
    ),
    toolbar(message, scene, acts, inThread),
  );
}

function stamp(message, scene, where = "") {
  const date = new Date(message.at);
  return h("time", { class: `stamp ${where}`, datetime: message.at, title: fullOf(date, scene.zone), "aria-hidden": where ? "true" : null }, timeOf(date, scene.zone));
}

function body(message, scene, acts) {
  if (message.deleted) return h("div", { class: "message-text gone" }, "This message was deleted.");
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  if (!message.blocks?.length) return h("div", { class: "message-text" }, mrkdwn(message.text, scene), edited);
  const surface = { scene, fields: [], headingLevel: 3 };
  surface.press = (action) =>
    acts.press({ message: { channel: message.channel, ts: message.ts } }, { ...action, values: valuesOf(surface.fields) });
  const blocks = drawBlocks(message.blocks, surface);
  if (isCard(message)) blocks.classList.add("card");
  return h("div", { class: "message-text" }, blocks, edited);
}

/** A message that offers something to press, or has a heading, stands in a frame. */
const isCard = (message) => message.blocks.some((block) => ["actions", "header", "input"].includes(block.type) || block.accessory);

function onlyYou(message, acts) {
  return h("div", { class: "only-you" }, icon("eye"), h("span", {}, "Only visible to you"),
    h("button", { type: "button", class: "link", on: { click: () => acts.dismiss(message) } }, "Dismiss"));
}

function fromThread(message, acts) {
  return h("div", { class: "from-thread" }, "replied to a ",
    h("button", { type: "button", class: "link", on: { click: () => acts.openThread(message.thread_ts) } }, "thread"));
}

function reactions(message, scene, acts) {
  if (!message.reactions?.length) return null;
  const pills = message.reactions.map((reaction) => pill(message, reaction, scene, acts));
  const add = h("button", { type: "button", class: "reaction add", "aria-label": "Add a reaction", "aria-haspopup": "dialog", on: { click: () => pick(add, message, scene, acts) } }, icon("smile"));
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, pills, add);
}

function pill(message, { name, users }, scene, acts) {
  const mine = users.includes(scene.viewer);
  const who = new Intl.ListFormat("en").format(users.map((id) => (id === scene.viewer ? "you" : nameOf(scene.user(id), id))));
  const words = name.replaceAll("_", " ");
  return h("button", {
    type: "button", class: "reaction", "aria-pressed": String(mine), title: `${who} reacted with :${name}:`,
    "aria-label": `${words}, ${users.length}, by ${who}`, dataset: { key: `reaction/${name}`, reaction: name },
    on: { click: () => acts.react(message, name, !mine) },
  }, h("span", { class: "emoji" }, emojiChar(scene.emoji, name) ?? `:${name}:`), h("span", { class: "count" }, String(users.length)));
}

function replies(message, scene, acts) {
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(scene.user(id), id, "tiny"));
  const latest = message.latest_reply && new Date(Number(message.latest_reply) * 1000);
  return h("button", { type: "button", class: "replies", dataset: { key: "replies" }, on: { click: () => acts.openThread(message.ts) } },
    h("span", { class: "faces" }, faces), h("span", { class: "count" }, count),
    latest && !Number.isNaN(latest.getTime()) && h("span", { class: "latest" }, `Last reply ${day(latest, scene)}`), icon("chevron"));
}

function day(date, scene) {
  const near = nearDay(date, scene.now(), scene.zone)?.toLowerCase() ?? shortDayOf(date, scene.zone);
  return `${near} at ${timeOf(date, scene.zone)}`;
}

function toolbar(message, scene, acts, inThread) {
  if (message.ephemeral || message.deleted) return null;
  const tools = [
    tool("smile", "Add a reaction", (node) => pick(node, message, scene, acts), { "aria-haspopup": "dialog" }),
    !inThread && tool("reply", "Reply in thread", () => acts.openThread(message.thread_ts ?? message.ts, { reply: true })),
    acts.shortcuts.length > 0 && tool("more", "More actions", (node) => openMenu(node, acts.shortcuts.map((shortcut) => ({
      label: shortcut.name, detail: acts.botName, choose: () => acts.shortcut(shortcut, message),
    })), "More actions"), { "aria-haspopup": "menu" }),
  ];
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" }, tools);
}

function tool(name, label, act, attributes = {}) {
  const attrs = { type: "button", class: "tool", "aria-label": label, title: label, ...attributes, dataset: { key: name } };
  return h("button", { ...attrs, on: { click: (event) => act(event.currentTarget) } }, icon(name));
}

const pick = (anchor, message, scene, acts) => openPicker(anchor, scene.emoji, (name) => acts.react(message, name, true));
