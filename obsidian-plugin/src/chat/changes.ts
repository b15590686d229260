/** The notes that a turn changed: a diff each, with Undo. */

import type { Change, Turn } from "../session/model";
import { changesOf, counts, verb } from "../session/words";
import { showDiff } from "./diff";
import { add, addButton } from "./dom";
import type { ChatHost } from "./host";
import { noteLink } from "./note-link";

export interface UndoRequest {
  readonly turn: string;
  readonly paths: readonly string[];
  readonly all: boolean;
}

export class ChangesView {
  private shown: readonly Change[] = [];
  private undone: readonly string[] = [];
  private readonly element: HTMLElement;

  constructor(
    parent: HTMLElement,
    private readonly host: ChatHost,
    private readonly undo: (request: UndoRequest) => Promise<void>,
  ) {
    this.element = add(parent, "div", { cls: "commonplace-changes" });
  }

  update(turn: Turn): void {
    if (turn.state !== "ended") return;
    const changes = changesOf(turn);
    if (same(changes, this.shown) && turn.undone === this.undone) return;
    this.shown = changes;
    this.undone = turn.undone;
    this.element.textContent = "";
    for (const change of changes) this.showChange(turn, change);
    const open = changes.filter((change) => !turn.undone.includes(change.path));
    if (turn.id !== null && changes.length > 1 && open.length > 0) {
      const request = { turn: turn.id, paths: open.map((change) => change.path), all: true };
      this.undoButton(this.element, `Undo all ${open.length} changes`, request);
    }
  }

  private showChange(turn: Turn, change: Change): void {
    const card = add(this.element, "section", { cls: "commonplace-change", attributes: { "aria-label": `${verb(change)} ${change.path}` } });
    const head = add(card, "div", { cls: "commonplace-change-head" });
    noteLink(head, change.path, this.host);
    add(head, "span", { cls: "commonplace-counts", text: counts(change) });
    if (turn.undone.includes(change.path)) add(head, "span", { cls: "commonplace-undone", text: "Undone" });
    else if (turn.id !== null) this.undoButton(head, "Undo", { turn: turn.id, paths: [change.path], all: false }, change.path);
    showDiff(card, change);
  }

  private undoButton(parent: HTMLElement, label: string, request: UndoRequest, path?: string): void {
    const button = addButton(parent, label, () => {
      button.disabled = true;
      this.undo(request).catch((error: unknown) => {
        button.disabled = false;
        parent.querySelector(".commonplace-error")?.remove();
        const text = error instanceof Error ? error.message : "It could not be undone.";
        add(parent, "div", { cls: "commonplace-error", text, attributes: { role: "alert" } });
      });
    });
    if (path !== undefined) button.setAttribute("aria-label", `Undo the change in ${path}`);
  }
}

function same(some: readonly Change[], others: readonly Change[]): boolean {
  return some.length === others.length && some.every((change, at) => change.path === others[at]?.path && change.after === others[at]?.after);
}
