// Elements that choose: selects of one and of many, radio buttons, checkboxes.

import { h, uniqueId } from "./dom.js";
import { emojiChar } from "./emoji.js";
import { icon } from "./icons.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { groupsOf, mrkdwnless, peopleOptions } from "./options.js";

export function staticSelect(element, place) {
  const first = place.kept ? place.kept.selected_option : element.initial_option;
  return selectOne(element, place, groupsOf(element), first?.value, (option) => ({ selected_option: option }));
}

/** The value is the person's id alone. */
export function usersSelect(element, place) {
  const first = place.kept ? place.kept.selected_user : element.initial_user;
  const groups = [{ label: null, options: peopleOptions(place.scene) }];
  return selectOne(element, place, groups, first, (option) => ({ selected_user: option?.value ?? null }));
}

export function multiStaticSelect(element, place) {
  const first = (place.kept ? place.kept.selected_options : element.initial_options) ?? [];
  return selectMany(element, place, groupsOf(element), first.map((option) => option.value), (options) => ({ selected_options: options }));
}

export function multiUsersSelect(element, place) {
  const first = (place.kept ? place.kept.selected_users : element.initial_users) ?? [];
  const groups = [{ label: null, options: peopleOptions(place.scene) }];
  return selectMany(element, place, groups, first, (options) => ({ selected_users: options.map((option) => option.value) }));
}

export function radioButtons(element, place) {
  const first = place.kept ? place.kept.selected_option : element.initial_option;
  return group(element, place, "radio", first ? [first.value] : [], (chosen) => ({ selected_option: chosen[0] ?? null }));
}

export function checkboxes(element, place) {
  const first = (place.kept ? place.kept.selected_options : element.initial_options) ?? [];
  return group(element, place, "checkbox", first.map((option) => option.value), (chosen) => ({ selected_options: chosen }));
}

function selectOne(element, place, groups, first, value) {
  const options = groups.flatMap((each) => each.options);
  const control = h("select", { class: "field select" }, h("option", { value: "" }, mrkdwnless(element.placeholder) ?? "Choose…"), natives(groups, place.scene));
  control.value = options.some((option) => option.value === first) ? first : "";
  const read = () => value(options.find((option) => option.value === control.value) ?? null);
  control.addEventListener("change", () => control.value && place.changed(read(), element));
  return { node: control, control, read };
}

/** Chosen things as chips that can be taken off, and a select that adds another. */
function selectMany(element, place, groups, first, value) {
  const options = groups.flatMap((each) => each.options);
  let chosen = options.filter((option) => first.includes(option.value));
  const chips = h("ul", { class: "chips", "aria-label": "Chosen" });
  const control = h("select", { class: "field select" });
  const full = () => chosen.length >= (element.max_selected_items ?? Infinity);
  const read = () => value(chosen);

  function draw() {
    chips.replaceChildren(...chosen.map(chip));
    chips.hidden = chosen.length === 0;
    const left = groups.map((each) => ({ ...each, options: each.options.filter((option) => !chosen.includes(option)) }));
    const invitation = chosen.length ? "Add another…" : mrkdwnless(element.placeholder) ?? "Choose…";
    control.replaceChildren(h("option", { value: "" }, full() ? "No more can be chosen" : invitation), ...natives(full() ? [] : left, place.scene));
  }

  function chip(option) {
    const name = shown(option, place.scene);
    const off = h("button", { type: "button", "aria-label": `Remove ${name}`, on: { click: () => change(chosen.filter((other) => other !== option)) } }, icon("close"));
    return h("li", { class: "chip" }, name, off);
  }

  function change(next) {
    chosen = next;
    draw();
    control.focus();
    place.changed(read(), element);
  }

  control.addEventListener("change", () => {
    const option = options.find((each) => each.value === control.value);
    if (option) change([...chosen, option]);
  });
  draw();
  return { node: h("div", { class: "select-many" }, chips, control), control, read };
}

const natives = (groups, scene) =>
  groups.flatMap(({ label, options }) => {
    const nodes = options.map((option) => h("option", { value: option.value }, shown(option, scene)));
    return label && nodes.length ? [h("optgroup", { label }, nodes)] : nodes;
  });

const shown = (option, scene) =>
  (option.text?.text ?? option.value).replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiChar(scene.emoji, name) ?? whole);

function group(element, place, type, first, value) {
  const name = uniqueId("choice");
  const options = element.options ?? [];
  const inputs = options.map((option) => h("input", { type, name, value: option.value, checked: first.includes(option.value) }));
  const read = () => value(options.filter((_, index) => inputs[index].checked));
  const rows = options.map((option, index) => row(option, inputs[index], place.scene));
  const node = h("div", { class: "choices", role: type === "radio" ? "radiogroup" : "group", on: { change: () => place.changed(read(), element) } }, rows);
  return { node, control: inputs[0] ?? node, labelled: node, read };
}

function row(option, input, scene) {
  const text = option.text?.type === "mrkdwn" ? mrkdwn(option.text.text, scene) : plain(option.text?.text, scene);
  const description = option.description && h("small", {}, option.description.type === "mrkdwn" ? mrkdwn(option.description.text, scene) : plain(option.description.text, scene));
  return h("label", { class: "choice" }, input, h("span", {}, h("span", {}, text), description));
}
