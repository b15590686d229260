/** The strip of notes that the conversation touched: read told from written, each saying how it was reached. */

import type { Session, Touch, Turn } from "../session/model";
import { nameOf, reached, touchesOf } from "../session/words";
import { add, toggle } from "./dom";
import type { ChatHost } from "./host";

interface Shown extends Touch {
  readonly how: string;
}

export class TouchedStrip {
  private turns: readonly Turn[] = [];
  private sentTo: string | null = null;
  private readonly element: HTMLElement;

  constructor(
    parent: HTMLElement,
    private readonly host: ChatHost,
  ) {
    this.element = add(parent, "ul", { cls: "commonplace-touched", attributes: { "aria-label": "Notes touched in the last answer" } });
    toggle(this.element, false);
  }

  /** @param modelHost the machine that the model runs on, and what was read was sent to; null for this one. */
  update(session: Session, modelHost: string | null): void {
    const last = session.turns.at(-1);
    const turns = last === undefined ? [] : [last];
    if (turns[0]?.steps === this.turns[0]?.steps && modelHost === this.sentTo) return;
    [this.turns, this.sentTo] = [turns, modelHost];
    const notes: Shown[] = turns.flatMap((turn) => touchesOf(turn).map((touch) => ({ ...touch, how: reached(turn, touch.path) })));
    this.element.textContent = "";
    if (modelHost !== null && notes.length > 0) add(this.element, "li", { cls: "commonplace-sent", text: `Sent to ${modelHost}:` });
    for (const note of notes) this.showNote(note);
    toggle(this.element, notes.length > 0);
  }

  private showNote(note: Shown): void {
    const item = add(this.element, "li");
    const written = note.access === "write";
    const did = written ? "Written" : "Read";
    const button = add(item, "button", {
      cls: `commonplace-chip ${written ? "is-written" : "is-read"}`,
      attributes: { type: "button", title: `${note.path} · ${did.toLowerCase()} in ${note.how}${this.sentTo === null ? "" : ` · sent to ${this.sentTo}`}`, "aria-label": `${did}: ${note.path}, ${note.how}` },
    });
    this.host.setIcon(add(button, "span", { attributes: { "aria-hidden": "true" } }), written ? "written" : "read");
    add(button, "span", { text: nameOf(note.path) });
    button.addEventListener("click", (event) => this.host.openNote(note.path, event));
    button.addEventListener("mouseover", (event) => this.host.previewNote(note.path, button, event));
  }
}
