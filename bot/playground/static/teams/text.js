// The text of a card: the Markdown that Teams knows, mentions, and dates on the reader's own clock. Nothing here is
// ever parsed as HTML: what is no markup stands there letter by letter.

import { fragment, h } from "../dom.js";

/** Something on a card that this page does not know how to draw. */
export class Undrawable extends Error {}

/** Where what is literal waits, out of the reach of the Markdown patterns: two planes that nobody writes in. */
const ASIDE = 0xf0000;
const MENTION = 0x100000;

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const MOMENT = /\{\{(DATE|TIME)\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))(?:,\s*(COMPACT|SHORT|LONG))?\)\}\}/g;
const STYLES = {
  COMPACT: { day: "numeric", month: "numeric", year: "numeric" },
  SHORT: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  LONG: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
};
const PARTS = /\[([^\]\n]*)\]\(([^()\s]+)\)|(\*\*|__)(?=\S)([^]*?\S)\3|(?<![\p{L}\p{N}*])\*(?=[^\s*])([^]*?[^\s*])\*(?!\*)|(?<![\p{L}\p{N}_])_(?=[^\s_])([^]*?[^\s_])_(?![\p{L}\p{N}_])/u;
const BULLET = /^\s{0,3}[-*+]\s+/;
const NUMBER = /^\s{0,3}\d{1,9}[.)]\s+/;

/** Dates and times in the zone and language of whoever reads. Clients do this in TextBlocks, TextRuns and facts. */
export function withMoments(text, { zone, locale }) {
  return text.replace(MOMENT, (whole, kind, at, style = "COMPACT") => {
    const date = new Date(at);
    if (Number.isNaN(date.getTime())) return whole;
    const how = kind === "TIME" ? { timeStyle: "short" } : STYLES[style];
    return new Intl.DateTimeFormat(locale || "en-GB", { ...how, timeZone: zone || "UTC" }).format(date);
  });
}

/** Markdown as nodes: bold, italic, links, lists, escapes, and the people of `scene.mentions`. */
export function markdown(text, scene) {
  const clean = text.replace(/[\u{F0000}-\u{10FFFF}]/gu, "\ufffd");
  const said = setAside(withMentions(withMoments(clean, scene), scene.mentions ?? []));
  const nodes = [];
  let list = null;
  for (const line of said.split(/\r\n?|\n/)) {
    const kind = BULLET.test(line) ? "ul" : NUMBER.test(line) ? "ol" : null;
    if (!kind) {
      if (nodes.length) nodes.push(list ? "" : " ");
      list = null;
      nodes.push(...(line.trim() ? inline(line, scene) : [h("br")]));
      continue;
    }
    if (list?.localName !== kind) nodes.push((list = h(kind, { class: "ac-list" })));
    list.append(h("li", {}, inline(line.replace(kind === "ul" ? BULLET : NUMBER, ""), scene)));
  }
  return fragment(nodes);
}

/** The same as it is read aloud: no markup left. */
export function spoken(text, scene) {
  return markdown(text, scene).textContent.trim();
}

/** A web address as it may be followed; every other kind is refused. */
export function safeUrl(url) {
  if (URL.canParse(url) && ["http:", "https:", "mailto:"].includes(new URL(url).protocol)) return url;
  throw new Undrawable(`the address ${url}`);
}

/** A link that leads out of the page. */
export function link(url, ...label) {
  return h("a", { href: safeUrl(url), target: "_blank", rel: "noopener noreferrer" }, label);
}

function withMentions(text, mentions) {
  return mentions.reduce((said, entity, index) => said.replaceAll(entity.text, String.fromCodePoint(MENTION + index)), text);
}

/** Escaped characters and entities mean themselves, so they are put where no pattern finds them. */
function setAside(text) {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, (_, letter) => aside(letter))
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name) return ENTITIES[name] ? aside(ENTITIES[name]) : whole;
      const code = decimal ? Number(decimal) : parseInt(hex, 16);
      return code > 0 && code < 0x10000 ? aside(String.fromCodePoint(code)) : "\ufffd";
    });
}

const aside = (letter) => String.fromCodePoint(ASIDE + letter.codePointAt(0));

const back = (text) => text.replace(/[\u{F0000}-\u{FFFFF}]/gu, (letter) => String.fromCodePoint(letter.codePointAt(0) - ASIDE));

function inline(text, scene) {
  const found = PARTS.exec(text);
  if (!found) return withPeople(text, scene);
  const [whole, label, url, , bold, starred, underscored] = found;
  const before = withPeople(text.slice(0, found.index), scene);
  return [...before, drawn(), ...inline(text.slice(found.index + whole.length), scene)];

  function drawn() {
    if (url !== undefined) return link(back(url), inline(label, scene));
    if (bold !== undefined) return h("strong", {}, inline(bold, scene));
    return h("em", {}, inline(starred ?? underscored, scene));
  }
}

function withPeople(text, scene) {
  const nodes = text.split(/([\u{100000}-\u{10FFFF}])/u).map((part, index) => (index % 2 ? person(part, scene) : back(part)));
  return nodes.filter((node) => node !== "");
}

function person(letter, { mentions = [], viewer }) {
  const entity = mentions[letter.codePointAt(0) - MENTION];
  if (!entity) return letter;
  return mention(entity.mentioned.name, entity.mentioned.id === viewer);
}

/** Somebody's name as a mention. */
export const mention = (name, isMe = false) => h("span", { class: isMe ? "mention me" : "mention" }, name);
