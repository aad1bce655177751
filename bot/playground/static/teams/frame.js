// What stands around a conversation: the rail, the list of chats and channels, and the head of the one that is open.

import { h } from "../dom.js";
import { avatar, nameOf } from "../people.js";
import { icon } from "./icons.js";
import { CHANNEL, PERSONAL } from "./state.js";

/** Chat, Teams, and the way to the other window. */
export function drawRail(root, state, { open, showPlaces }) {
  const waiting = (channels) => state.conversations.filter((each) => (each.kind === CHANNEL) === channels && unreadOf(each, state)).length;
  const here = state.here?.kind === CHANNEL;
  const go = (channels) => {
    const found = state.conversations.find((each) => (each.kind === CHANNEL) === channels);
    if (found && here !== channels) open(found.id);
    else showPlaces();
  };
  root.replaceChildren(
    railButton("chat", "Chat", waiting(false), !here, () => go(false)),
    railButton("teams", "Teams", waiting(true), here, () => go(true)),
    h("a", { class: "rail-item rail-end", href: "/" }, icon("swap"), h("span", {}, "Slack window")),
  );
}

function railButton(name, label, count, current, act) {
  return h("button", { type: "button", class: "rail-item", "aria-current": current ? "true" : null, dataset: { rail: name }, on: { click: act } },
    icon(name), h("span", {}, label), count > 0 && h("span", { class: "dot" }, String(count), h("span", { class: "visually-hidden" }, " unread")));
}

/** The list; the open conversation is marked, arrow keys walk through it. */
export function drawPlaces(root, state, open) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  const chats = state.conversations.filter(({ kind }) => kind !== CHANNEL);
  const teams = Map.groupBy(state.conversations.filter(({ kind }) => kind === CHANNEL), ({ team }) => team?.name ?? "");
  root.replaceChildren(
    h("section", {}, h("h2", {}, "Chat"), h("ul", {}, chats.map((each) => h("li", {}, place(each, state, open, chatMark(each, state)))))),
    h("section", {}, h("h2", {}, "Teams and channels"), [...teams].map(([name, channels]) => [
      h("h3", {}, h("span", { class: "team-mark", "aria-hidden": "true" }, name.slice(0, 1)), name),
      h("ul", { class: "channels" }, channels.map((each) => h("li", {}, place(each, state, open, null)))),
    ])),
  );
  if (focused) root.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
}

function chatMark(conversation, state) {
  if (conversation.kind === PERSONAL) return avatar(state.bot, state.bot.id, "small");
  return h("span", { class: "avatar small", "aria-hidden": "true" }, icon("teams"));
}

function place(conversation, state, open, mark) {
  const unread = unreadOf(conversation, state);
  return h("button", { type: "button", class: unread ? "place unread" : "place", "aria-current": conversation.id === state.place ? "page" : null,
    dataset: { place: conversation.id }, on: { click: () => open(conversation.id) } },
  mark, h("span", { class: "place-name" }, titleOf(conversation, state)),
  unread > 0 && h("span", { class: "dot" }, unread > 99 ? "99+" : String(unread), h("span", { class: "visually-hidden" }, " unread")));
}

const unreadOf = (conversation, state) => (conversation.id === state.place && !document.hidden ? 0 : conversation.unread);

/** What a conversation is called. */
export function titleOf(conversation, state) {
  if (conversation.name) return conversation.name;
  const others = conversation.members.filter((id) => id !== state.viewer).map((id) => nameOf(state.person(id), id).split(" ")[0]);
  return others.join(", ");
}

/** The head of the open conversation. */
export function drawHead(root, state, { back }) {
  const { here } = state;
  const channel = here.kind === CHANNEL;
  const mark = channel ? h("span", { class: "team-mark large", "aria-hidden": "true" }, here.team.name.slice(0, 1)) : chatMark(here, state);
  const about = channel ? here.team.name : here.kind === PERSONAL ? "App" : `${here.members.length} people`;
  root.replaceChildren(
    h("button", { type: "button", class: "tool to-places", "aria-label": "Chats and channels", on: { click: back } }, icon("back")),
    mark, h("h2", { id: "title", tabindex: "-1" }, titleOf(here, state)), h("p", { class: "about" }, about),
    h("span", { class: "tab", "aria-hidden": "true" }, channel ? "Posts" : "Chat"));
}

/** Up and Down walk through the places. */
export function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const places = [...event.currentTarget.querySelectorAll("button")];
  event.preventDefault();
  places[Math.min(Math.max(places.indexOf(document.activeElement) + step, 0), places.length - 1)]?.focus();
}
