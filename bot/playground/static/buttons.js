// Elements that are pressed: button and overflow.

import { h } from "./dom.js";
import { confirm } from "./confirm.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { plain } from "./mrkdwn.js";

export function button(element, place) {
  const style = { primary: "primary", danger: "danger" }[element.style] ?? "";
  const node = h("button", {
    type: "button", class: `button ${style}`, "aria-label": element.accessibility_label,
    on: { click: () => press(node, element, place, element.value === undefined ? {} : { value: element.value }) },
  }, plain(element.text?.text, place.scene));
  if (element.url) node.append(h("span", { class: "visually-hidden" }, " (opens a new tab)"));
  return { node, control: node };
}

export function overflow(element, place) {
  const node = h("button", {
    type: "button", class: "button icon-only", "aria-label": "More choices", "aria-haspopup": "menu", "aria-expanded": "false",
    on: { click: () => openMenu(node, (element.options ?? []).map((option) => item(option, node, element, place)), "More choices") },
  }, icon("more"));
  return { node, control: node };
}

function item(option, node, element, place) {
  return {
    label: plain(option.text?.text, place.scene),
    detail: option.description && plain(option.description.text, place.scene),
    choose: () => press(node, { ...element, url: option.url }, place, { selected_option: option }),
  };
}

/** Asks first where the app wants it, follows the link, tells the app; a second press has to wait for the first. */
async function press(node, element, place, extra) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await confirm(element.confirm, place.scene))) return;
  if (element.url && /^https?:\/\//i.test(element.url)) window.open(element.url, "_blank", "noopener");
  node.setAttribute("aria-busy", "true");
  try {
    await place.press(extra);
  } finally {
    node.removeAttribute("aria-busy");
  }
}
