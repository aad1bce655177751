// Adaptive Cards 1.5, as far as our cards go. What is not drawn here is refused aloud: better a hole that somebody
// reports than a card of which a part is missing.

import { h } from "../dom.js";
import { drawActions } from "./actions.js";
import { drawInput } from "./inputs.js";
import { link, markdown, safeUrl, spoken, Undrawable, withMoments } from "./text.js";

export { Undrawable };

const COMMON = "type id spacing separator height";
const KNOWN = {
  AdaptiveCard: "type $schema version body actions fallbackText speak lang msteams refresh style minHeight verticalContentAlignment",
  TextBlock: `${COMMON} text color fontType horizontalAlignment isSubtle maxLines size weight wrap style`,
  RichTextBlock: `${COMMON} inlines horizontalAlignment`,
  TextRun: "type text color fontType highlight isSubtle italic selectAction size strikethrough underline weight",
  Container: `${COMMON} items style bleed minHeight verticalContentAlignment`,
  ColumnSet: `${COMMON} columns style bleed horizontalAlignment minHeight`,
  Column: `${COMMON} items width style bleed minHeight verticalContentAlignment`,
  FactSet: `${COMMON} facts`,
  Image: `${COMMON} url altText size width horizontalAlignment`,
  ActionSet: `${COMMON} actions horizontalAlignment`,
};

const DRAW = {
  TextBlock: textBlock,
  RichTextBlock: richTextBlock,
  Container: container,
  ColumnSet: columnSet,
  FactSet: factSet,
  Image: image,
  ActionSet: (element, place) => drawActions(element.actions, place, "actions"),
  "Input.Text": input,
  "Input.Date": input,
  "Input.Time": input,
  "Input.Number": input,
  "Input.Toggle": input,
  "Input.ChoiceSet": input,
};

/** The elements that can be drawn, for tests. */
export const DRAWABLE_ELEMENTS = Object.keys(DRAW);

const VALUES = {
  color: ["default", "dark", "light", "accent", "good", "warning", "attention"],
  size: ["default", "small", "medium", "large", "extraLarge"],
  weight: ["default", "lighter", "bolder"],
  fontType: ["default", "monospace"],
  spacing: ["default", "none", "small", "medium", "large", "extraLarge", "padding"],
  style: ["default", "emphasis", "good", "attention", "warning", "accent"],
  horizontalAlignment: ["left", "center", "right"],
  verticalContentAlignment: ["top", "center", "bottom"],
};

/**
 * A card as a node. `scene` says who reads it (`viewer`, `zone`, `locale`); `act({path, title, inputs})` sends what was
 * pressed and resolves to what is wrong with the fields, by id. Throws `Undrawable`.
 */
export function drawCard(card, { scene, act }) {
  const mentions = (card.msteams?.entities ?? []).filter(({ type }) => type === "mention");
  const label = card.fallbackText || card.speak || null;
  const place = { scene: { ...scene, mentions }, act, fields: [], path: [], level: 3 };
  const node = drawWithin(card, place);
  node.classList.add("ac");
  node.setAttribute("role", "group");
  if (label) node.setAttribute("aria-label", label);
  return node;
}

/** A card's body and actions, for the card itself and for those that a button unfolds. */
export function drawWithin(card, place) {
  check(card, "AdaptiveCard");
  const within = { ...place, drawWithin };
  return h("div", { class: "ac-card" }, elements(card.body, within, "body"), card.actions?.length > 0 && drawActions(card.actions, within, "actions"));
}

function elements(items, place, key) {
  return (items ?? []).map((element, index) => drawElement(element, { ...place, path: [...place.path, key, index] }, index === 0));
}

function drawElement(element, place, first) {
  const draw = Object.hasOwn(DRAW, element.type) ? DRAW[element.type] : null;
  if (!draw) throw new Undrawable(`the element ${element.type}`);
  if (KNOWN[element.type]) check(element, element.type);
  const node = draw(element, place);
  node.classList.add("ac-element", `ac-space-${among(element, "spacing", "default")}`);
  if (element.separator && !first) node.classList.add("ac-separated");
  return node;
}

function check(element, type) {
  const known = KNOWN[type].split(" ");
  const other = Object.keys(element).find((key) => !known.includes(key));
  if (other) throw new Undrawable(`${type}.${other}`);
}

function among(element, name, otherwise) {
  const value = element[name] ?? otherwise;
  const found = VALUES[name].find((each) => each.toLowerCase() === String(value).toLowerCase());
  if (!found) throw new Undrawable(`${element.type}.${name} = ${value}`);
  return found;
}

function textBlock(element, { scene, level }) {
  const node = h("div", { class: `ac-text ${looks(element)}` }, markdown(element.text ?? "", scene));
  const { style = "default" } = element;
  if (!["default", "heading", "columnHeader"].includes(style)) throw new Undrawable(`TextBlock.style = ${style}`);
  if (style === "heading") {
    node.setAttribute("role", "heading");
    node.setAttribute("aria-level", String(level));
    node.classList.add("ac-heading");
  }
  if (!element.wrap) node.classList.add("ac-one-line");
  if (element.maxLines) {
    node.classList.add("ac-clamped");
    node.style.setProperty("--lines", String(Number(element.maxLines)));
  }
  align(node, element);
  return node;
}

/** Size, weight and colour as classes, where they are anything special. */
function looks(element) {
  const classes = ["color", "size", "weight", "fontType"].map((name) => [name, among(element, name, "default")]);
  const special = classes.filter(([, value]) => value !== "default").map(([name, value]) => `ac-${name}-${value}`);
  return [...special, element.isSubtle && "ac-subtle"].filter(Boolean).join(" ");
}

function align(node, element) {
  const where = among(element, "horizontalAlignment", "left");
  if (where !== "left") node.classList.add(`ac-${where}`);
}

function richTextBlock(element, { scene }) {
  const node = h("div", { class: "ac-text ac-rich" }, (element.inlines ?? []).map((run) => textRun(run, scene)));
  align(node, element);
  return node;
}

/** A run knows no markup at all. */
function textRun(run, scene) {
  if (typeof run === "string") return withMoments(run, scene);
  if (run.type !== "TextRun") throw new Undrawable(`the run ${run.type}`);
  check(run, "TextRun");
  const styles = ["italic", "strikethrough", "underline", "highlight"].filter((name) => run[name]).map((name) => `ac-${name}`);
  const node = h("span", { class: [looks(run), ...styles].filter(Boolean).join(" ") || null }, withMoments(run.text ?? "", scene));
  const { selectAction } = run;
  if (!selectAction) return node;
  if (selectAction.type !== "Action.OpenUrl") throw new Undrawable(`a run with ${selectAction.type}`);
  return link(selectAction.url, node);
}

function container(element, place) {
  const node = h("div", { class: `ac-container ${boxed(element)}` }, elements(element.items, place, "items"));
  return upright(node, element);
}

/** The style that fills a box with colour. */
function boxed(element) {
  const style = among(element, "style", "default");
  return [style !== "default" && `ac-box ac-box-${style}`, element.bleed && "ac-bleed"].filter(Boolean).join(" ");
}

function upright(node, element) {
  node.classList.add(`ac-v-${among(element, "verticalContentAlignment", "top")}`);
  if (/^\d+px$/.test(element.minHeight ?? "")) node.style.minHeight = element.minHeight;
  return node;
}

function columnSet(element, place) {
  const columns = (element.columns ?? []).map((each, index) => column(each, { ...place, path: [...place.path, "columns", index] }));
  const node = h("div", { class: `ac-columns ${boxed(element)}` }, columns);
  align(node, element);
  return node;
}

function column(element, place) {
  check(element, "Column");
  const node = upright(h("div", { class: `ac-column ${boxed(element)}` }, elements(element.items, place, "items")), element);
  const { width = "stretch" } = element;
  if (width === "auto") node.style.flex = "0 1 auto";
  else if (width === "stretch") node.style.flex = "1 1 0";
  else if (/^\d+px$/.test(width)) node.style.flex = `0 0 ${width}`;
  else if (Number(width) > 0) node.style.flex = `${Number(width)} 1 0`;
  else throw new Undrawable(`Column.width = ${width}`);
  node.classList.add(`ac-column-space-${among(element, "spacing", "default")}`);
  if (element.separator) node.classList.add("ac-column-separated");
  return node;
}

function factSet(element, { scene }) {
  const rows = (element.facts ?? []).map(({ title, value }) => [
    h("dt", { class: "ac-text" }, markdown(title ?? "", scene)), h("dd", { class: "ac-text" }, markdown(value ?? "", scene)),
  ]);
  return h("dl", { class: "ac-facts" }, rows);
}

function image(element) {
  const { url, altText = "", width = "" } = element;
  const node = h("img", { class: `ac-image ac-image-${element.size ?? "auto"}`, src: /^data:image\/png;base64,/.test(url) ? url : safeUrl(url), alt: altText });
  if (/^\d+px$/.test(width)) node.style.width = width;
  const box = h("div", {}, node);
  align(box, element);
  return box;
}

function input(element, place) {
  const field = drawInput(element, { ...place, spoken: (text) => spoken(text, place.scene) });
  place.fields.push(field);
  return field.node;
}
