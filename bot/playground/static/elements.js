// Every interactive element by type, and what surrounds one: its ids, its value, and the app it tells.

import { button, overflow } from "./buttons.js";
import { checkboxes, multiStaticSelect, multiUsersSelect, radioButtons, staticSelect, usersSelect } from "./choices.js";
import { confirm } from "./confirm.js";
import { datepicker, datetimepicker, numberInput, plainTextInput, timepicker } from "./fields.js";

export const ELEMENTS = {
  button,
  overflow,
  plain_text_input: plainTextInput,
  number_input: numberInput,
  static_select: staticSelect,
  multi_static_select: multiStaticSelect,
  users_select: usersSelect,
  multi_users_select: multiUsersSelect,
  datepicker,
  timepicker,
  datetimepicker,
  checkboxes,
  radio_buttons: radioButtons,
};

/**
 * Draws an element on a surface (a message, Home or a modal) and, when it holds a value, enters it in `surface.fields`.
 * `live` elements tell the app at once when they change; the others wait for the modal's submit.
 */
export function drawElement(element, block, surface, { live }) {
  const place = {
    scene: surface.scene,
    live,
    kept: surface.kept?.[block.block_id]?.[element.action_id] ?? null,
    press: (extra) => surface.press({ block_id: block.block_id, action_id: element.action_id, type: element.type, ...extra }),
    changed: (value) => changed(field, value),
  };
  const drawn = ELEMENTS[element.type](element, place);
  drawn.control.dataset.key = `${block.block_id}/${element.action_id}`;
  const field = { block, element, touched: Boolean(place.kept), ...drawn };
  if (drawn.read) surface.fields.push(field);
  drawn.node.addEventListener("input", () => (field.touched = true));
  return drawn;

  async function changed(of, value) {
    of.touched = true;
    if (!live) return;
    if (element.confirm && !(await confirm(element.confirm, surface.scene))) return;
    await place.press(value);
  }
}

/** The values of a surface by block and action, as Slack's `view.state.values` has them. */
export function valuesOf(fields) {
  const values = {};
  for (const { block, element, read } of fields) {
    values[block.block_id] ??= {};
    values[block.block_id][element.action_id] = { type: element.type, ...read() };
  }
  return values;
}

/** Whether a value says nothing, so that a required input is still to be filled. */
export function isEmpty(value) {
  return Object.values(value).every((part) => part === null || part === "" || (Array.isArray(part) && part.length === 0));
}
