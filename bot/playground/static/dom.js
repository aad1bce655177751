// Builds DOM nodes; text always arrives as text nodes, never as markup.

/** An element: `on` takes listeners, `dataset` data attributes; null, false and undefined leave an attribute out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  append(node, children);
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "value") node.value = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
}

/** A fragment of the given children. */
export function fragment(...children) {
  const node = document.createDocumentFragment();
  append(node, children);
  return node;
}

let counter = 0;

/** An id nobody else on the page has. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Calls `work` once, `wait` ms after the last time it was asked for. */
export function debounce(work, wait) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
}
