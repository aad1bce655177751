// The fields of a card. Each is {id, node, read, problem, say, focus}: its value, what is wrong, and words below it.

import { h, uniqueId } from "../dom.js";
import { filteredSelect } from "./filtered.js";
import { Undrawable } from "./text.js";

const COMMON = "type id label isRequired errorMessage value spacing separator height";
const KNOWN = {
  "Input.Text": `${COMMON} placeholder isMultiline maxLength regex style`,
  "Input.Date": `${COMMON} placeholder min max`,
  "Input.Time": `${COMMON} placeholder min max`,
  "Input.Number": `${COMMON} placeholder min max`,
  "Input.Toggle": `${COMMON} title valueOn valueOff wrap`,
  "Input.ChoiceSet": `${COMMON} choices style isMultiSelect placeholder wrap`,
};
const DRAW = {
  "Input.Text": text,
  "Input.Date": (element) => plain(element, "date"),
  "Input.Time": (element) => plain(element, "time"),
  "Input.Number": (element) => plain(element, "number"),
  "Input.Toggle": toggle,
  "Input.ChoiceSet": choiceSet,
};
const NEEDED = "This is a required field.";
const WRONG = "Enter a valid value.";

/** One field. Throws `Undrawable`. */
export function drawInput(element, place) {
  const other = Object.keys(element).find((key) => !KNOWN[element.type].split(" ").includes(key));
  if (other) throw new Undrawable(`${element.type}.${other}`);
  if (!element.id) throw new Undrawable(`${element.type} without an id`);
  const drawn = DRAW[element.type](element, place);
  return framed(element, drawn, place);
}

/** Puts a label above what can be filled in, and room for a sentence below. */
function framed(element, drawn, { spoken }) {
  const { control, body = control, grouped = false, read } = drawn;
  const words = element.label ? spoken(element.label) : "";
  const mark = element.isRequired && h("span", { class: "ac-needed", "aria-hidden": "true" }, " *");
  const error = h("p", { class: "ac-error", id: uniqueId("error"), hidden: true });
  const label = words && (grouped ? h("span", { class: "ac-label", id: uniqueId("label") }, words, mark) : h("label", { class: "ac-label", for: idOf(control) }, words, mark));
  if (grouped && words) body.setAttribute("aria-labelledby", label.id);
  else if (!words && element.placeholder) control.setAttribute("aria-label", element.placeholder);
  if (element.isRequired) control.setAttribute(control.type === "checkbox" || control.type === "radio" ? "aria-describedby" : "aria-required", control.type === "checkbox" || control.type === "radio" ? error.id : "true");
  const node = h("div", { class: "ac-input", dataset: { input: element.id } }, label, body, error);
  return { id: element.id, node, read, problem, say, focus: () => control.focus() };

  function problem() {
    const value = read();
    const empty = value === "" || value.length === 0 || (element.type === "Input.Toggle" && value === (element.valueOff ?? "false"));
    if (empty) return element.isRequired ? element.errorMessage || NEEDED : null;
    return (drawn.fits?.(value) ?? true) ? null : element.errorMessage || WRONG;
  }

  function say(sentence) {
    error.hidden = !sentence;
    error.textContent = sentence ?? "";
    node.classList.toggle("ac-wrong", Boolean(sentence));
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    if (!sentence) control.removeAttribute("aria-errormessage");
    else control.setAttribute("aria-errormessage", error.id);
    return Boolean(sentence);
  }
}

function idOf(control) {
  control.id ||= uniqueId("input");
  return control.id;
}

function text(element) {
  const style = (element.style ?? "text").toLowerCase();
  if (!["text", "tel", "url", "email"].includes(style)) throw new Undrawable(`Input.Text.style = ${element.style}`);
  const attributes = { class: "ac-field", placeholder: element.placeholder, maxlength: element.maxLength, value: element.value ?? "", autocomplete: "off" };
  const control = element.isMultiline ? h("textarea", { ...attributes, rows: "4" }) : h("input", { ...attributes, type: style });
  const fits = (value) => !element.regex || new RegExp(element.regex).test(value);
  return { control, read: () => control.value, fits };
}

function plain(element, type) {
  const step = type === "number" ? "any" : null;
  const control = h("input", { class: "ac-field ac-short", type, min: element.min, max: element.max, step, placeholder: element.placeholder, value: String(element.value ?? "") });
  return { control, read: () => control.value, fits: () => control.validity.valid };
}

function toggle(element, { spoken }) {
  const { valueOn = "true", valueOff = "false" } = element;
  const control = h("input", { type: "checkbox", class: "ac-check", checked: String(element.value ?? valueOff) === valueOn });
  const body = h("div", { role: "group" }, h("label", { class: "ac-choice" }, control, h("span", {}, spoken(element.title ?? ""))));
  return { control, body, grouped: true, read: () => (control.checked ? valueOn : valueOff) };
}

function choiceSet(element, place) {
  const style = (element.style ?? "compact").toLowerCase();
  if (!["compact", "expanded", "filtered"].includes(style)) throw new Undrawable(`Input.ChoiceSet.style = ${element.style}`);
  const chosen = String(element.value ?? "").split(element.isMultiSelect ? "," : /$^/).filter(Boolean);
  if (element.isMultiSelect || style === "expanded") return expanded(element, chosen, place);
  return style === "filtered" ? filteredSelect(element, chosen[0] ?? "") : compact(element, chosen[0] ?? "");
}

function expanded(element, chosen, { spoken }) {
  const name = uniqueId("choices");
  const type = element.isMultiSelect ? "checkbox" : "radio";
  const inputs = (element.choices ?? []).map(({ value }) => h("input", { type, name, value, class: "ac-check", checked: chosen.includes(value) }));
  const rows = inputs.map((each, index) => h("label", { class: "ac-choice" }, each, h("span", {}, spoken(element.choices[index].title))));
  const body = h("div", { class: "ac-choices", role: type === "radio" ? "radiogroup" : "group" }, rows);
  const values = () => inputs.filter((each) => each.checked).map((each) => each.value);
  return { control: inputs[0] ?? body, body, grouped: true, read: () => (element.isMultiSelect ? values() : (values()[0] ?? "")) };
}

function compact(element, chosen) {
  const options = (element.choices ?? []).map(({ title, value }) => h("option", { value, selected: value === chosen }, title));
  const known = element.choices?.some(({ value }) => value === chosen);
  const blank = !known && h("option", { value: "", selected: true }, element.placeholder || "Choose");
  const control = h("select", { class: "ac-field ac-select" }, blank, options);
  return { control, read: () => control.value };
}
