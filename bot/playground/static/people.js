// How a person looks: a name, initials, a colour.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const COLOURS = ["#7a4b94", "#1f6f8b", "#a8482f", "#3d6b35", "#8a5a13", "#5a5fa8", "#96365f", "#2d6a6a"];

/** The name to show; an unknown id stays readable. */
export const nameOf = (user, id = "") => user?.real_name || user?.name || id || "Somebody";

/** A round avatar; it decorates a name that stands beside it. */
export function avatar(user, id, size = "") {
  const node = h("span", { class: `avatar ${size}`, "aria-hidden": "true" });
  if (user?.is_bot) {
    node.classList.add("bot");
    node.append(icon("bell"));
    return node;
  }
  const colour = colourOf(user, id);
  node.style.setProperty("--avatar", colour);
  node.style.setProperty("--avatar-ink", inkOn(colour));
  node.append(initials(nameOf(user, id)));
  return node;
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

function colourOf(user, id) {
  const given = /^#?([0-9a-f]{6})$/i.exec(user?.color ?? "");
  if (given) return `#${given[1]}`;
  const sum = [...String(user?.id ?? id)].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return COLOURS[sum % COLOURS.length];
}

function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return light > 0.198 ? "#14181a" : "#ffffff";
}

const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
