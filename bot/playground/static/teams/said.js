// What somebody wrote, as text nodes: mentions, addresses and line ends are made out, everything else is letters.

import { h } from "../dom.js";
import { markdown, mention } from "./text.js";

const PARTS = /<at>(.*?)<\/at>|https?:\/\/[^\s<>"]+[^\s<>".,;:!?)']/g;

/** The words of a message. People's are plain; the bot's own are Markdown, as it writes them. */
export function drawSaid(message, scene) {
  if (message.by_bot) return markdown(message.text, scene);
  const nodes = [];
  let end = 0;
  for (const found of message.text.matchAll(PARTS)) {
    nodes.push(message.text.slice(end, found.index), found[1] === undefined ? address(found[0]) : named(found[1], scene));
    end = found.index + found[0].length;
  }
  return [...nodes, message.text.slice(end)];
}

/** The same as somebody would type it again. */
export const typedAgain = (message) => message.text.replaceAll(/<at>(.*?)<\/at>/g, "@$1");

/** A message in one line. */
export const inOneLine = (message) => (message.summary || message.plain || "").split("\n")[0];

const address = (url) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url);

function named(name, { people, viewer }) {
  const person = [...people.values()].find((each) => each.name === name);
  return person ? mention(name, person.id === viewer) : `@${name}`;
}
