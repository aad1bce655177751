// A list that is drawn again and again: what has not changed stays the same node, so that focus and half-typed text live.

export class Rows {
  constructor(list) {
    this.list = list;
    this.rows = new Map();
  }

  clear() {
    this.rows.clear();
    this.list.replaceChildren();
  }

  /** Draws rows of `{key, sign, draw}`: a row is drawn anew when its sign is another. */
  draw(plan) {
    const focus = this.focused();
    const next = new Map();
    for (const row of plan) {
      const old = this.rows.get(row.key);
      next.set(row.key, old?.sign === row.sign ? old : { sign: row.sign, node: row.draw() });
    }
    this.rows = next;
    this.arrange([...next.values()].map(({ node }) => node));
    this.restore(focus);
  }

  arrange(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.list.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
  }

  focused() {
    const active = document.activeElement;
    if (!this.list.contains(active)) return null;
    const row = [...this.rows].find(([, { node }]) => node.contains(active));
    return row && { row: row[0], key: active.dataset.key, active };
  }

  restore(focus) {
    if (!focus || focus.active.isConnected) return;
    const node = this.rows.get(focus.row)?.node;
    const same = focus.key && [...(node?.querySelectorAll("[data-key]") ?? [])].find((each) => each.dataset.key === focus.key);
    (same ?? node)?.focus({ preventScroll: true });
  }
}

/** Tab reaches one message of a list; Up and Down walk through the others. */
export function walked(list) {
  const messages = () => [...list.querySelectorAll(".said")];
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest(".said");
    for (const each of messages()) each.tabIndex = each === row ? 0 : -1;
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches(".said") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const all = messages();
    all[all.indexOf(event.target) + step]?.focus();
  });
}

/** Makes sure that Tab gets into the list at all: at its last message. */
export function keepOneTabStop(list) {
  const messages = [...list.querySelectorAll(".said")];
  if (messages.length && !messages.some((each) => each.tabIndex === 0)) messages.at(-1).tabIndex = 0;
}
