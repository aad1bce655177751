// A floating panel that belongs to a button: closes on Escape or a click elsewhere, and gives the focus back.

import { h } from "./dom.js";

const GAP = 6;

/** Shows `content` next to `anchor`; returns a function that closes it. */
export function openPopover(anchor, content, { label, role = "dialog", className = "" } = {}) {
  const panel = h("div", { class: `popover ${className}`, popover: "auto", role, "aria-label": label }, content);
  const host = anchor.closest("dialog") ?? document.body;
  host.append(panel);
  anchor.setAttribute("aria-expanded", "true");
  anchor.closest(".message")?.classList.add("busy-menu");
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "closed") remove();
  });
  const remove = () => {
    const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    anchor.closest(".message")?.classList.remove("busy-menu");
    if (hadFocus && anchor.isConnected) anchor.focus();
  };
  panel.showPopover();
  place(panel, anchor);
  return () => panel.matches(":popover-open") && panel.hidePopover();
}

function place(panel, anchor) {
  const from = anchor.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = from.bottom + GAP;
  const top = below + height <= innerHeight - GAP ? below : Math.max(GAP, from.top - GAP - height);
  const left = Math.min(Math.max(GAP, from.right - width), innerWidth - width - GAP);
  panel.style.top = `${top}px`;
  panel.style.left = `${left}px`;
}
