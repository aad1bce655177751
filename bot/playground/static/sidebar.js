// The list of places: Home, channels, direct messages, with what is unread.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, nameOf } from "./people.js";

/** Draws the navigation; the current place is marked, arrow keys walk through it. */
export function drawSidebar(root, state, { goHome, open }) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  const channels = state.conversations.filter(({ kind }) => kind !== "im");
  const direct = state.conversations.filter(({ kind }) => kind === "im");
  root.replaceChildren(
    place({ id: "home", label: "Home", mark: icon("home"), current: Boolean(state.place?.home), go: goHome }),
    section("Channels", channels.map((channel) => channelPlace(channel, state, open)), "No channels yet."),
    section("Direct messages", direct.map((channel) => directPlace(channel, state, open)), "Nobody yet."),
  );
  if (focused) root.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
}

function section(title, places, empty) {
  return h("section", { class: "places" }, h("h2", {}, title),
    places.length ? h("ul", {}, places.map((node) => h("li", {}, node))) : h("p", { class: "empty-line" }, empty));
}

function channelPlace(channel, state, open) {
  const mark = icon(channel.kind === "private" ? "lock" : "hash");
  return place({ id: channel.id, label: channel.name, mark, unread: channel.unread, current: isHere(channel, state), go: () => open(channel.id), spoken: channel.kind === "private" ? "private channel " : "channel " });
}

function directPlace(channel, state, open) {
  const other = otherOf(channel, state);
  return place({ id: channel.id, label: titleOf(channel, state), mark: avatar(other, other?.id, "tiny"), unread: channel.unread, current: isHere(channel, state), go: () => open(channel.id) });
}

const isHere = (channel, state) => state.place?.channel === channel.id;

function place({ id, label, mark, unread: waiting = 0, current, go, spoken = "" }) {
  const unread = current && !document.hidden ? 0 : waiting;
  return h("button", { type: "button", class: unread ? "place unread" : "place", "aria-current": current ? "page" : null, dataset: { place: id }, on: { click: go } },
    mark, spoken && h("span", { class: "visually-hidden" }, spoken), h("span", { class: "place-name" }, label),
    unread > 0 && h("span", { class: "count" }, unread > 99 ? "99+" : String(unread), h("span", { class: "visually-hidden" }, " unread")));
}

/** The other side of a direct conversation. */
export function otherOf(channel, state) {
  const id = channel.user ?? channel.members?.find((member) => member !== state.viewer);
  return state.users.get(id) ?? (id === state.bot?.id ? { ...state.bot, is_bot: true } : null);
}

/** What a conversation is called, without "#". */
export function titleOf(channel, state) {
  if (channel.kind !== "im") return channel.name;
  return nameOf(otherOf(channel, state), channel.name);
}

/** Up and Down walk through the places of a navigation. */
export function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const places = [...event.currentTarget.querySelectorAll("button")];
  const at = places.indexOf(document.activeElement);
  event.preventDefault();
  places[Math.min(Math.max(at + step, 0), places.length - 1)]?.focus();
}
