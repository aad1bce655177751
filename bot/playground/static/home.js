// App Home: the page the app keeps for one person.

import { h } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { valuesOf } from "./elements.js";
import { icon } from "./icons.js";

/** Draws the view, or an empty state while there is none. */
export function drawHome(view, { scene, press, botName }) {
  if (!view?.blocks?.length) return emptyHome(botName);
  const surface = { scene, kept: view.state?.values, fields: [], headingLevel: 3 };
  surface.press = (action) => press({ view: { id: view.id } }, { ...action, values: valuesOf(surface.fields) });
  return h("div", { class: "home-page" }, drawBlocks(view.blocks, surface));
}

const emptyHome = (botName) =>
  h("div", { class: "empty" }, h("span", { class: "empty-mark" }, icon("home")), h("h3", {}, "Nothing here yet"),
    h("p", {}, `${botName} has not made a home page for this person so far.`));
