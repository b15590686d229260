/** A note's name that opens the note. */

import { nameOf } from "../session/words";
import { add } from "./dom";
import type { ChatHost } from "./host";

export function noteLink(parent: HTMLElement, path: string, host: ChatHost, label = path): HTMLElement {
  const link = add(parent, "a", {
    cls: "commonplace-note",
    text: label,
    attributes: { href: "#", title: `Open ${nameOf(path)}` },
  });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    host.openNote(path, event);
  });
  link.addEventListener("mouseover", (event) => host.previewNote(path, link, event));
  return link;
}
