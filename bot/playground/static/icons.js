// The few line icons of the page, drawn on a 20 by 20 grid.

const PATHS = {
  bell: ["M4.5 14.5h11", "M6 14.5v-4a4 4 0 0 1 8 0v4", "M10 4.5v2", "M8.6 17h2.8"],
  home: ["M3.5 9.5 10 4l6.5 5.5", "M5.5 8.5V16h9V8.5", "M8.5 16v-4h3v4"],
  hash: ["M8 4 6.5 16", "M13.5 4 12 16", "M4.5 8h11.5", "M4 12h11.5"],
  lock: ["M5.5 9.5h9V16h-9z", "M7.5 9.5v-2a2.5 2.5 0 0 1 5 0v2"],
  smile: ["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M7.2 11.5c.6 1.1 1.6 1.7 2.8 1.7s2.2-.6 2.8-1.7", "M7.8 8v.6", "M12.2 8v.6"],
  reply: ["M4 5h12v8.5H9.5L6 16.5v-3H4z"],
  more: ["M5 10h.01", "M10 10h.01", "M15 10h.01"],
  close: ["M5.5 5.5l9 9", "M14.5 5.5l-9 9"],
  menu: ["M4 6h12", "M4 10h12", "M4 14h12"],
  send: ["M4 10 16.5 4.5 13 16l-3.2-4.2z", "M9.8 11.8 16.5 4.5"],
  at: ["M12.6 10a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0z", "M12.6 7.4V11c0 1.2.7 1.9 1.7 1.9s2-1 2-2.9a6.3 6.3 0 1 0-2.6 5.1"],
  slash: ["M12.5 4 7.5 16"],
  clock: ["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M10 6.5V10l2.5 1.5"],
  eye: ["M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5z", "M12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0z"],
  down: ["M10 4.5v11", "M5.5 11l4.5 4.5 4.5-4.5"],
  chevron: ["M7.5 5l5 5-5 5"],
};

const SVG = "http://www.w3.org/2000/svg";

/** An icon that only decorates: the text beside it, or the button's label, says what it means. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
