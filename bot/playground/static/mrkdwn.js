// Slack's mrkdwn, and plain text with emoji, as DOM nodes. People's text only ever becomes text nodes.

import { fragment, h } from "./dom.js";
import { fillDate } from "./dates.js";
import { emojiChar } from "./emoji.js";
import { nameOf } from "./people.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const STYLES = { "*": "strong", _: "em", "~": "s" };
const EMOJI = /^:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/;

/** Undoes the three escapes that Slack makes. */
export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** mrkdwn as a fragment. The scene knows users, channels, emoji, the zone and the time. */
export function mrkdwn(text, scene) {
  const pieces = String(text ?? "").split(/```([\s\S]*?)```/);
  return fragment(pieces.map((piece, index) => (index % 2 ? preformatted(piece, scene) : prose(trimAround(piece, index, pieces), scene))));
}

/** Plain text: emoji are drawn, everything else stays as written. */
export function plain(text, scene) {
  const written = String(text ?? "");
  return fragment(written.split(/(:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)/).map((part) => drawEmoji(part.slice(1, -1), part, scene)));
}

/** mrkdwn as one line of words, for labels and announcements. */
export const words = (text, scene) => mrkdwn(text, scene).textContent.replace(/\s+/g, " ").trim();

/** A mention of a person, set off when it is the viewer. */
export function userPill(id, label, scene) {
  const name = nameOf(scene.user(id), label || id);
  return h("span", { class: id === scene.viewer ? "pill me" : "pill", dataset: { user: id } }, `@${name}`);
}

/** A channel's name; a button when the viewer can go there. */
export function channelPill(id, label, scene) {
  const channel = scene.channel(id);
  const name = `#${channel?.name || label || id}`;
  if (!channel) return h("span", { class: "pill" }, name);
  return h("button", { type: "button", class: "pill", on: { click: () => scene.openChannel(id) } }, name);
}

/** A link, if it leads to the web or to a mail program; otherwise the words alone. */
export function safeLink(url, label) {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return document.createTextNode(label || url);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label || url);
}

/** A date in the viewer's zone, or the fallback when the stamp is no number. */
export function dateNode(unix, pattern, fallback, scene, { url, startsLine = false } = {}) {
  const date = new Date(Number(unix) * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode(fallback || pattern);
  const shown = fillDate(pattern, date, { zone: scene.zone, now: scene.now(), startsLine });
  const time = h("time", { datetime: date.toISOString(), title: fillDate("{date_long}, {time}", date, { zone: scene.zone, now: scene.now() }) }, shown);
  if (!url) return time;
  const link = safeLink(url, shown);
  if (link instanceof HTMLElement) link.replaceChildren(time);
  return link;
}

export function emojiNode(name, scene) {
  return drawEmoji(name, `:${name}:`, scene);
}

function drawEmoji(name, written, scene) {
  const char = /^:.*:$/.test(written) ? emojiChar(scene.emoji, name) : null;
  return char ? h("span", { class: "emoji", role: "img", "aria-label": name.split("::")[0].replaceAll("_", " "), title: `:${name}:` }, char) : written;
}

function preformatted(text, scene) {
  return h("pre", {}, inTokens(text.replace(/^\n/, ""), scene));
}

function trimAround(piece, index, pieces) {
  const afterBlock = index > 0 ? piece.replace(/^\n/, "") : piece;
  return index < pieces.length - 1 ? afterBlock.replace(/\n$/, "") : afterBlock;
}

function prose(text, scene) {
  if (!text) return null;
  const nodes = [];
  let run = [];
  let quoted = false;
  const flush = () => {
    if (!run.length) return;
    const body = inline(run.join("\n"), scene);
    nodes.push(quoted ? h("blockquote", {}, body) : body);
    run = [];
  };
  let rest = false;
  for (const line of text.split("\n")) {
    const mark = rest ? null : /^(?:&gt;|>)(?:(&gt;&gt;|>>))? ?/.exec(line);
    if (rest || Boolean(mark) === quoted) {
      run.push(mark ? line.slice(mark[0].length) : line);
    } else {
      flush();
      quoted = Boolean(mark);
      run.push(mark ? line.slice(mark[0].length) : line);
    }
    if (mark?.[1]) rest = true;
  }
  flush();
  return nodes;
}

/** One stretch of prose: tokens in angle brackets, code, styles, emoji, line ends. */
function inline(text, scene) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push(unescape(words));
    words = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = tokenAt(text, at, scene) ?? codeAt(text, at, scene) ?? styleAt(text, at, scene) ?? emojiAt(text, at, scene) ?? breakAt(text, at);
    if (!found) {
      words += text[at];
      at += 1;
      continue;
    }
    flush();
    nodes.push(found.node);
    at += found.length;
  }
  flush();
  return nodes;
}

/** Code keeps its characters, but Slack still resolves what stands in angle brackets. */
function inTokens(text, scene) {
  return text.split(/(<[^<>\n]+>)/).map((part) => tokenAt(part, 0, scene)?.node ?? unescape(part));
}

function tokenAt(text, at, scene) {
  if (text[at] !== "<") return null;
  const match = /^<([^<>\n]+)>/.exec(text.slice(at));
  const node = match && token(match[1], scene, at === 0 || text[at - 1] === "\n");
  return node ? { node, length: match[0].length } : null;
}

function token(body, scene, startsLine) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (/^@[A-Z0-9]+$/.test(target)) return userPill(target.slice(1), label, scene);
  if (/^#[A-Z0-9]+$/.test(target)) return channelPill(target.slice(1), label, scene);
  if (target.startsWith("!date^")) return dateToken(target, label, scene, startsLine);
  if (target.startsWith("!")) return specialPill(target.slice(1), label);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return safeLink(unescape(target), label);
  return null;
}

function dateToken(target, label, scene, startsLine) {
  const [, unix, pattern = "{date}", url] = target.split("^");
  return dateNode(unix, unescape(pattern), label, scene, { url: url && unescape(url), startsLine });
}

function specialPill(name, label) {
  const written = label || name.replace(/^subteam\^/, "");
  return h("span", { class: "pill" }, written.startsWith("@") ? written : `@${written}`);
}

function codeAt(text, at, scene) {
  if (text[at] !== "`") return null;
  const match = /^`([^`\n]+)`/.exec(text.slice(at));
  return match && { node: h("code", {}, inTokens(match[1], scene)), length: match[0].length };
}

/** `*bold*` needs a word's edge on both outsides and no space on the insides; it ends on its own line. */
function styleAt(text, at, scene) {
  const mark = text[at];
  if (!Object.hasOwn(STYLES, mark) || isWord(text[at - 1])) return null;
  if (!text[at + 1] || /\s/.test(text[at + 1]) || text[at + 1] === mark) return null;
  for (let end = at + 2; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") end = skipToken(text, end);
    if (text[end] !== mark || /\s/.test(text[end - 1]) || isWord(text[end + 1])) continue;
    return { node: h(STYLES[mark], {}, inline(text.slice(at + 1, end), scene)), length: end + 1 - at };
  }
  return null;
}

function skipToken(text, at) {
  const match = /^<[^<>\n]+>/.exec(text.slice(at));
  return match ? at + match[0].length : at;
}

function emojiAt(text, at, scene) {
  if (text[at] !== ":") return null;
  const match = EMOJI.exec(text.slice(at));
  const node = match && emojiNode(match[1], scene);
  return node instanceof Node ? { node, length: match[0].length } : null;
}

const breakAt = (text, at) => (text[at] === "\n" ? { node: h("br"), length: 1 } : null);

const isWord = (char) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
