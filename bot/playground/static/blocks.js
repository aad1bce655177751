// Block Kit as DOM. A type that is not in these lists is drawn as a loud red box.

import { h, uniqueId } from "./dom.js";
import { ELEMENTS, drawElement } from "./elements.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { drawRichText, undrawable } from "./richtext.js";

const BLOCKS = {
  actions: drawActions,
  context: drawContext,
  divider: () => h("hr", { class: "b-divider" }),
  header: (block, { scene, headingLevel }) => h(`h${headingLevel ?? 4}`, { class: "b-header" }, plain(block.text?.text, scene)),
  image: drawImage,
  input: drawInput,
  rich_text: (block, { scene }) => drawRichText(block, scene),
  section: drawSection,
};

export const DRAWABLE_BLOCKS = Object.keys(BLOCKS).sort();
export const DRAWABLE_ELEMENTS = [...Object.keys(ELEMENTS), "image"].sort();

/** All blocks of a message or view; values are entered in `surface.fields` while drawing. */
export function drawBlocks(blocks, surface) {
  return h("div", { class: "blocks" }, blocks.map((block) => drawBlock(block, surface)));
}

function drawBlock(block, surface) {
  return Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type](block, surface) : undrawable(block.type);
}

function text(object, scene) {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text, scene) : plain(object.text, scene);
}

function drawSection(block, surface) {
  const { scene } = surface;
  const body = h("div", { class: "b-section-body" },
    block.text && h("div", { class: "b-text" }, text(block.text, scene)),
    block.fields && h("div", { class: "b-fields" }, block.fields.map((field) => h("div", { class: "b-text" }, text(field, scene)))),
  );
  return h("div", { class: "b-section" }, body, block.accessory && h("div", { class: "b-accessory" }, accessory(block, body, surface)));
}

function accessory(block, body, surface) {
  if (block.accessory.type === "image") return picture(block.accessory, "b-thumb");
  const node = live(block.accessory, block, surface);
  const named = node.matches("button") ? null : node.matches(".select-many") ? node.querySelector("select") : node;
  named?.setAttribute("aria-label", body.textContent.trim() || "Choose");
  return node;
}

/** What an element without a label is called when the app gave it no placeholder. */
const NAMES = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time", checkboxes: "Choices", radio_buttons: "Choices" };

function drawActions(block, surface) {
  const nodes = (block.elements ?? []).map((element) => {
    const node = live(element, block, surface);
    if (!node.matches("button")) node.setAttribute("aria-label", element.placeholder?.text ?? NAMES[element.type] ?? "Choose");
    return node;
  });
  return h("div", { class: "b-actions" }, nodes);
}

/** An element outside an input block tells the app as soon as it is used. */
function live(element, block, surface) {
  if (!Object.hasOwn(ELEMENTS, element.type)) return undrawable(element.type);
  return drawElement(element, block, surface, { live: true }).node;
}

function drawContext(block, { scene }) {
  return h("div", { class: "b-context" }, (block.elements ?? []).map((element) => {
    if (element.type === "image") return picture(element, "b-icon");
    if (element.type === "mrkdwn" || element.type === "plain_text") return h("span", {}, text(element, scene));
    return undrawable(element.type);
  }));
}

function drawImage(block, { scene }) {
  return h("figure", { class: "b-image" }, block.title && h("figcaption", {}, text(block.title, scene)), picture(block, ""));
}

function picture(image, className) {
  const url = image.image_url ?? image.slack_file?.url ?? "";
  if (!/^(https?:\/\/|\/)/i.test(url)) return h("span", { class: "b-missing" }, image.alt_text ?? "");
  return h("img", { class: className, src: url, alt: image.alt_text ?? "", loading: "lazy" });
}

/** Label, control, hint and a place for the error; `surface.fields` lets the modal find them again. */
function drawInput(block, surface) {
  const { element } = block;
  if (!element || !Object.hasOwn(ELEMENTS, element.type)) return undrawable(element?.type);
  const [label, hint, error] = ["label", "hint", "error"].map(uniqueId);
  const { node, control, labelled } = drawElement(element, block, surface, { live: Boolean(block.dispatch_action) });
  const words = [plain(block.label?.text, surface.scene), block.optional && h("span", { class: "optional" }, " (optional)")];
  if (!labelled) control.id = uniqueId("field");
  const head = labelled ? h("span", { id: label, class: "label" }, words) : h("label", { id: label, class: "label", for: control.id }, words);
  const about = [block.hint && hint, error].filter(Boolean).join(" ");
  (labelled ?? control).setAttribute("aria-describedby", about);
  if (labelled) labelled.setAttribute("aria-labelledby", label);
  else if (!block.optional) control.setAttribute("aria-required", "true");
  return h("div", { class: "b-input", dataset: { block: block.block_id } },
    head, node,
    block.hint && h("p", { id: hint, class: "hint" }, plain(block.hint.text, surface.scene)),
    h("p", { id: error, class: "error", hidden: true }),
  );
}
