// What the composer suggests for the text before the caret. Pure: values in, values out.

import { findEmoji } from "./emoji.js";

const LIMIT = 8;

/**
 * Suggestions as {from, to, title, items}, or null. An item has a `label`, a `detail`, and the text to `insert`, or null
 * when it only reminds. `ready` says that Enter takes the first one.
 */
export function suggest(text, caret, known) {
  const before = text.slice(0, caret);
  const token = /(?:^|[\s(])([@#:])([^\s@#:]*)$/.exec(before);
  if (token) {
    const items = tokenItems(token[1], token[2], known);
    if (items.length) return { from: caret - token[2].length - 1, to: caret, title: TITLES[token[1]], items, ready: true };
  }
  if (/^\/[^\n]*$/.test(before)) return commandLine(before, caret, known);
  return null;
}

const TITLES = { "@": "People", "#": "Channels", ":": "Emoji" };

function tokenItems(mark, typed, known) {
  if (mark === "@") return people(typed.toLowerCase(), known.people);
  if (mark === "#") return channels(typed.toLowerCase(), known.channels);
  return typed.length < 2 ? [] : emoji(typed.toLowerCase(), known.emoji);
}

function people(typed, all) {
  return all
    .filter((user) => [user.name, ...(user.real_name ?? "").split(" ")].some((word) => word.toLowerCase().startsWith(typed)))
    .slice(0, LIMIT)
    .map((user) => ({ label: user.real_name || user.name, detail: user.title || `@${user.name}`, user, insert: `@${user.name} ` }));
}

function channels(typed, all) {
  return all
    .filter((channel) => channel.name.toLowerCase().includes(typed))
    .slice(0, LIMIT)
    .map((channel) => ({ label: `#${channel.name}`, detail: channel.topic, insert: `#${channel.name} ` }));
}

function emoji(typed, names) {
  return findEmoji(names, typed, LIMIT).map((name) => ({ label: `:${name}:`, glyph: names[name], insert: `:${name}: ` }));
}

function commandLine(before, caret, { commands, hints }) {
  const [, word, gap, rest] = /^(\/\S*)(\s*)(.*)$/.exec(before);
  if (!gap) {
    const items = commands
      .filter(({ command }) => command.startsWith(word) && command !== word)
      .map(({ command, usage_hint, description }) => ({ label: `${command} ${usage_hint ?? ""}`.trim(), detail: description, insert: `${command} ` }));
    return items.length ? { from: 0, to: caret, title: "Commands", items, ready: word.length > 1 } : null;
  }
  if (!commands.some(({ command }) => command === word)) return null;
  return lines(word, rest, caret, hints);
}

/** One word typed: lines that begin with it. More words: the usage of the one line they belong to, as a reminder. */
function lines(command, rest, caret, hints) {
  const typed = rest.toLowerCase();
  const [first, ...others] = typed.split(" ");
  const all = hints.map(({ line, does }) => ({ line: line.startsWith(`${command} `) ? line.slice(command.length + 1) : line, does }));
  const fits = all.filter(({ line }) => {
    const verb = line.toLowerCase().split(" ")[0];
    return others.length ? verb === first : verb.startsWith(first);
  });
  if (!fits.length) return null;
  const items = fits.map(({ line, does }) => {
    const insert = `${command} ${fixedWords(line)} `;
    const done = others.length > 0 || insert.trim() === `${command} ${typed}`.trim();
    return { label: line, detail: does, insert: done && others.length ? null : insert };
  });
  const complete = items.some(({ insert }) => insert === null || insert.trim() === `${command} ${typed}`.trim());
  return { from: 0, to: caret, title: command, items, ready: first !== "" && !others.length && !complete };
}

/** The words of a usage line before its first blank to fill: "take 12 [by friday]" gives "take". */
function fixedWords(line) {
  const fixed = [];
  for (const word of line.split(" ")) {
    if (!/^[\p{L}-]+$/u.test(word)) break;
    fixed.push(word);
  }
  return fixed.slice(0, 2).join(" ");
}
