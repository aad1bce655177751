// rich_text blocks: sections, lists, quotes and preformatted text.

import { h } from "./dom.js";
import { channelPill, dateNode, emojiNode, safeLink, userPill } from "./mrkdwn.js";

const STYLES = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

export function drawRichText(block, scene) {
  return h("div", { class: "b-rich" }, (block.elements ?? []).map((element) => part(element, scene)));
}

function part(element, scene) {
  switch (element.type) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, inlines(element, scene));
    case "rich_text_quote":
      return h("blockquote", {}, inlines(element, scene));
    case "rich_text_preformatted":
      return h("pre", {}, inlines(element, scene));
    case "rich_text_list":
      return list(element, scene);
    default:
      return undrawable(element.type);
  }
}

function list(element, scene) {
  const node = h(element.style === "ordered" ? "ol" : "ul", { start: element.offset ? element.offset + 1 : null });
  node.style.setProperty("--indent", element.indent ?? 0);
  node.append(...(element.elements ?? []).map((item) => h("li", {}, inlines(item, scene))));
  return node;
}

const inlines = (element, scene) => (element.elements ?? []).map((inline) => styled(draw(inline, scene), inline.style));

function draw(inline, scene) {
  switch (inline.type) {
    case "text":
      return lines(inline.text ?? "");
    case "user":
      return userPill(inline.user_id, "", scene);
    case "channel":
      return channelPill(inline.channel_id, "", scene);
    case "usergroup":
      return h("span", { class: "pill" }, `@${inline.usergroup_id}`);
    case "broadcast":
      return h("span", { class: "pill" }, `@${inline.range}`);
    case "emoji":
      return emojiNode(inline.skin_tone ? `${inline.name}::skin-tone-${inline.skin_tone}` : inline.name, scene);
    case "link":
      return safeLink(inline.url ?? "", inline.text);
    case "date":
      return dateNode(inline.timestamp, inline.format ?? "{date}", inline.fallback, scene, { url: inline.url });
    case "color":
      return h("code", {}, inline.value ?? "");
    default:
      return undrawable(inline.type);
  }
}

const lines = (text) => text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));

function styled(node, style = {}) {
  return STYLES.filter(([name]) => style[name]).reduce((inner, [, tag]) => h(tag, {}, inner), node);
}

/** What we cannot draw is said loudly, so that nobody overlooks it. */
export function undrawable(type) {
  return h("div", { class: "undrawable", role: "note", dataset: { undrawable: String(type) } }, `cannot draw: ${type}`);
}
