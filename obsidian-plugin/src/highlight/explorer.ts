/**
 * Marks in the file explorer. Obsidian has no interface for it, so this reads the explorer's own shape, guarded:
 * where the shape is another, there are no marks and nothing else happens.
 */

import type { App } from "obsidian";

import { type Mark, type NoteMark, rolledUp } from "./marks";

interface ExplorerItem {
  readonly selfEl: HTMLElement;
}

const CLASSES: Readonly<Record<Mark, string>> = {
  read: "commonplace-is-read",
  written: "commonplace-is-written",
  active: "commonplace-is-active",
};
const LABELS: Readonly<Record<Mark, string>> = {
  read: "Read by the agent",
  written: "Written by the agent",
  active: "Being written by the agent",
};
const LABEL_CLASS = "commonplace-explorer-mark";

export class ExplorerMarks {
  private readonly marked = new Set<HTMLElement>();

  constructor(private readonly app: App) {}

  show(notes: ReadonlyMap<string, NoteMark>): void {
    this.clear();
    const rolled = rolledUp(notes);
    if (rolled.size === 0) return;
    for (const leaf of this.app.workspace.getLeavesOfType("file-explorer")) {
      const items = itemsOf(leaf.view);
      for (const [path, mark] of rolled) {
        const item = items?.[path];
        if (isItem(item)) this.mark(item.selfEl, mark);
      }
    }
  }

  /** Leaves nothing behind. */
  clear(): void {
    for (const element of this.marked) {
      element.classList.remove(...Object.values(CLASSES));
      element.querySelector(`.${LABEL_CLASS}`)?.remove();
    }
    this.marked.clear();
  }

  private mark(element: HTMLElement, mark: Mark): void {
    element.classList.add(CLASSES[mark]);
    element.createSpan({ cls: LABEL_CLASS, attr: { role: "img", "aria-label": LABELS[mark] } });
    this.marked.add(element);
  }
}

/** A deferred explorer has no items yet; it is marked when it is shown. */
function itemsOf(view: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof view !== "object" || view === null || !("fileItems" in view)) return null;
  const items = view.fileItems;
  return typeof items === "object" && items !== null ? (items as Record<string, unknown>) : null;
}

function isItem(item: unknown): item is ExplorerItem {
  if (typeof item !== "object" || item === null || !("selfEl" in item)) return false;
  const element = item.selfEl;
  return typeof element === "object" && element !== null && "classList" in element;
}
