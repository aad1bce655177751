// Elements that take typed values: text, numbers, dates and times.

import { h } from "./dom.js";
import { unixToWall, wallToUnix } from "./dates.js";
import { mrkdwnless } from "./options.js";

export function plainTextInput(element, place) {
  const start = place.kept ? place.kept.value ?? "" : element.initial_value ?? "";
  const shared = { class: "field", placeholder: mrkdwnless(element.placeholder), maxlength: element.max_length, value: start };
  const control = element.multiline ? h("textarea", { ...shared, rows: 4 }) : h("input", { ...shared, type: "text", autocomplete: "off" });
  listen(control, element, place);
  return { node: control, control, read: () => ({ value: control.value || null }), problem: () => lengthProblem(control.value, element) };
}

export function numberInput(element, place) {
  const start = place.kept ? place.kept.value ?? "" : element.initial_value ?? "";
  const control = h("input", {
    class: "field short", type: "number", inputmode: "decimal", value: String(start), min: element.min_value, max: element.max_value,
    step: element.is_decimal_allowed ? "any" : "1", placeholder: mrkdwnless(element.placeholder), autocomplete: "off",
  });
  listen(control, element, place);
  return { node: control, control, read: () => ({ value: control.value || null }), problem: () => numberProblem(control, element) };
}

export const datepicker = (element, place) => picker("date", "selected_date", element.initial_date, place);
export const timepicker = (element, place) => picker("time", "selected_time", element.initial_time, place);

/** The wall clock shown is the viewer's; the value is an instant. */
export function datetimepicker(element, place) {
  const { zone } = place.scene;
  const start = place.kept ? place.kept.selected_date_time : element.initial_date_time;
  const control = h("input", { class: "field short", type: "datetime-local", value: start ? unixToWall(start, zone) : "" });
  const read = () => ({ selected_date_time: control.value ? wallToUnix(control.value, zone) : null });
  control.addEventListener("change", () => place.changed(read()));
  return { node: control, control, read };
}

function picker(type, key, initial, place) {
  const control = h("input", { class: "field short", type, value: (place.kept ? place.kept[key] : initial) ?? "" });
  const read = () => ({ [key]: control.value || null });
  control.addEventListener("change", () => place.changed(read()));
  return { node: control, control, read };
}

/** Text inputs tell the app on Enter, or at each character when it asks for that. */
function listen(control, element, place) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const tell = () => place.changed({ value: control.value });
  if (triggers.includes("on_character_entered")) control.addEventListener("input", tell);
  if (!triggers.includes("on_enter_pressed")) return;
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !place.live) return;
    if (control.tagName === "TEXTAREA" && !event.metaKey && !event.ctrlKey) return;
    event.preventDefault();
    tell();
  });
}

function lengthProblem(text, element) {
  if (text && text.length < (element.min_length ?? 0)) return `Write at least ${element.min_length} characters.`;
  return null;
}

function numberProblem(control, element) {
  const { validity } = control;
  if (validity.badInput) return "Write a number.";
  if (validity.rangeUnderflow) return `The least is ${element.min_value}.`;
  if (validity.rangeOverflow) return `The most is ${element.max_value}.`;
  if (validity.stepMismatch) return "Write a whole number.";
  return null;
}
