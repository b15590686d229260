/** The icons of the page, where Obsidian's are not at hand; drawn from Lucide's (ISC licence), as Obsidian's are. */

import type { Icon } from "../chat/host";

const PATHS: Readonly<Record<Icon, string>> = {
  send: "m5 12 7-7 7 7M12 19V5",
  stop: "M6 6h12v12H6z",
  new: "M5 12h14M12 5v14",
  history: "M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8M3 3v5h5M12 7v5l4 2",
  read: "M2.06 12.35a1 1 0 0 1 0-.7 10.75 10.75 0 0 1 19.88 0 1 1 0 0 1 0 .7 10.75 10.75 0 0 1-19.88 0M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6",
  written: "M21.17 6.81a1 1 0 0 0-3.98-3.98L3.84 16.17a2 2 0 0 0-.5.83l-1.32 4.35a.5.5 0 0 0 .62.62l4.35-1.32a2 2 0 0 0 .83-.5zM15 5l4 4",
  "active-note": "M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7zM14 2v4a2 2 0 0 0 2 2h4M10 9H8M16 13H8M16 17H8",
  copy: "M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2M4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2",
  retry: "M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8M3 3v5h5",
  undo: "M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H11",
  close: "M18 6 6 18M6 6l12 12",
  down: "M12 5v14M19 12l-7 7-7-7",
};

const SVG = "http://www.w3.org/2000/svg";

export function drawIcon(element: HTMLElement, icon: Icon): void {
  const maker: { createElementNS(namespace: string, name: string): Element } = element.ownerDocument;
  const svg = maker.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 24 24", width: "18", height: "18", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", class: "svg-icon" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const path = maker.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[icon]);
  svg.append(path);
  element.replaceChildren(svg);
}
