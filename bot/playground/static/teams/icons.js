// The line icons of the Teams window, drawn on a 20 by 20 grid.

const PATHS = {
  bell: ["M4.5 14.5h11", "M6 14.5v-4a4 4 0 0 1 8 0v4", "M10 4.5v2", "M8.6 17h2.8"],
  chat: ["M10 3.5a6.5 6.5 0 1 1-3.1 12.2L3.5 16.5l.8-3.4A6.5 6.5 0 0 1 10 3.5z", "M7.5 8.7h5", "M7.5 11.3h3.2"],
  teams: ["M7.2 8.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z", "M3 10.5h8.4v3.2a4.2 4.2 0 0 1-8.4 0z", "M13.6 8.2a1.8 1.8 0 1 0 0-3.6", "M13.8 10.5H17v2.7a3 3 0 0 1-3.6 2.9"],
  swap: ["M4 7.5h11", "M12 4.5l3 3-3 3", "M16 13H5", "M8 10l-3 3 3 3"],
  search: ["M8.8 3.8a5 5 0 1 1 0 10 5 5 0 0 1 0-10z", "M12.5 12.5l4 4"],
  smile: ["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M7.2 11.5c.6 1.1 1.6 1.7 2.8 1.7s2.2-.6 2.8-1.7", "M7.8 8v.6", "M12.2 8v.6"],
  "smile-add": ["M11.5 3.7A6.5 6.5 0 1 0 16.3 9", "M7 11.5c.6 1.1 1.6 1.7 2.8 1.7s2.2-.6 2.8-1.7", "M7.8 8v.6", "M12 8v.6", "M15.5 2.5v5", "M13 5h5"],
  quote: ["M8.5 5.5 4 10l4.5 4.5", "M4.3 10H11a5 5 0 0 1 5 5"],
  edit: ["M4 16l.8-3.4 8.7-8.7a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2l-8.7 8.7z", "M12 5.5 14.5 8"],
  more: ["M5 10h.01", "M10 10h.01", "M15 10h.01"],
  close: ["M5.5 5.5l9 9", "M14.5 5.5l-9 9"],
  back: ["M12 4.5 6.5 10l5.5 5.5"],
  send: ["M3.5 4 17 10 3.5 16l2-6z", "M5.5 10H11"],
  at: ["M12.6 10a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0z", "M12.6 7.4V11c0 1.2.7 1.9 1.7 1.9s2-1 2-2.9a6.3 6.3 0 1 0-2.6 5.1"],
  down: ["M5.5 8l4.5 4.5L14.5 8"],
  right: ["M8 5.5l4.5 4.5L8 14.5"],
  plus: ["M10 4.5v11", "M4.5 10h11"],
  hash: ["M8 4 6.5 16", "M13.5 4 12 16", "M4.5 8h11.5", "M4 12h11.5"],
  eye: ["M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5z", "M12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0z"],
  clock: ["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M10 6.5V10l2.5 1.5"],
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
