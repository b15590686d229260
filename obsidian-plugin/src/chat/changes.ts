/** The notes that a turn changed: a diff each, with Undo. */

import type { Change, Turn } from "../session/model";
import { changesOf, counts, verb } from "../session/words";
import { showDiff } from "./diff";
import { add, addButton, redraw, setBusy } from "./dom";
import type { ChatHost } from "./host";
import { noteLink } from "./note-link";

export class ChangesView {
  private shown: readonly Change[] = [];
  private undone: readonly string[] = [];
  private couldUndo = false;
  /** Why the last undo left a note as it is. */
  private trouble = "";
  private readonly element: HTMLElement;

  constructor(
    parent: HTMLElement,
    private readonly host: ChatHost,
    private readonly undo: (turn: string, path: string | null) => Promise<void>,
  ) {
    this.element = add(parent, "div", { cls: "commonplace-changes" });
  }

  update(turn: Turn, canUndo: boolean): void {
    if (turn.state !== "ended") return;
    const changes = changesOf(turn);
    if (same(changes, this.shown) && turn.undone === this.undone && canUndo === this.couldUndo) return;
    [this.shown, this.undone, this.couldUndo] = [changes, turn.undone, canUndo];
    redraw(this.element, () => this.draw(turn));
  }

  private draw(turn: Turn): void {
    for (const change of this.shown) this.showChange(turn, change);
    const open = this.shown.filter((change) => !turn.undone.includes(change.path));
    if (turn.id !== null && this.couldUndo && open.length > 0) this.undoRow(turn, turn.id, open.length);
    if (this.trouble !== "") {
      add(this.element, "div", { cls: "commonplace-error", text: this.trouble, attributes: { role: "alert" } });
    }
  }

  private showChange(turn: Turn, change: Change): void {
    const label = `${verb(change)} ${change.path}`;
    const card = add(this.element, "section", { cls: "commonplace-change", attributes: { "aria-label": label } });
    const head = add(card, "div", { cls: "commonplace-change-head" });
    noteLink(head, change.path, this.host);
    add(head, "span", { cls: "commonplace-counts", text: counts(change) });
    if (turn.undone.includes(change.path)) add(head, "span", { cls: "commonplace-undone", text: "Undone" });
    else if (turn.id !== null && this.couldUndo && this.shown.length > 1) this.undoButton(head, "Undo", turn, turn.id, change.path);
    showDiff(card, change);
  }

  private undoRow(turn: Turn, id: string, open: number): void {
    const row = add(this.element, "div", { cls: "commonplace-undo" });
    this.undoButton(row, this.shown.length === 1 ? "Undo" : `Undo ${open === 1 ? "the change that is left" : `these ${open} changes`}`, turn, id, null);
  }

  private undoButton(parent: HTMLElement, label: string, turn: Turn, id: string, path: string | null): void {
    const button = addButton(parent, label, () => {
      setBusy(button, true);
      this.trouble = "";
      this.undo(id, path).catch((error: unknown) => {
        this.trouble = error instanceof Error ? error.message : "It could not be undone.";
        redraw(this.element, () => this.draw({ ...turn, undone: this.undone }));
      });
    });
    if (path !== null) button.setAttribute("aria-label", `Undo: ${path}`);
  }
}

function same(some: readonly Change[], others: readonly Change[]): boolean {
  return some.length === others.length && some.every((change, at) => change.path === others[at]?.path && change.after === others[at]?.after);
}
