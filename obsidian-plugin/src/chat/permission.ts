/** What waits for the user's word: the diff first, then the choice. */

import type { Change, Permission } from "../session/model";
import { counts } from "../session/words";
import { showDiff } from "./diff";
import { add, addButton } from "./dom";
import type { ChatHost } from "./host";
import { noteLink } from "./note-link";

export class PermissionsView {
  private readonly cards = new Map<number, HTMLElement>();

  constructor(
    private readonly parent: HTMLElement,
    private readonly host: ChatHost,
    private readonly answer: (id: number, optionId: string) => void,
  ) {}

  update(permissions: readonly Permission[]): void {
    const wanted = new Set(permissions.map((permission) => permission.id));
    for (const [id, card] of this.cards) {
      if (wanted.has(id)) continue;
      card.remove();
      this.cards.delete(id);
    }
    for (const permission of permissions) {
      if (!this.cards.has(permission.id)) this.cards.set(permission.id, this.show(permission));
    }
  }

  private show(permission: Permission): HTMLElement {
    const card = add(this.parent, "section", { cls: "commonplace-permission", attributes: { "aria-label": "Waiting for you" } });
    add(card, "div", { cls: "commonplace-permission-title", text: `Waiting for you: ${permission.title}` });
    for (const change of permission.changes) {
      const head = add(card, "div", { cls: "commonplace-change-head" });
      noteLink(head, change.path, this.host);
      if (what(change) !== "") add(head, "span", { cls: "commonplace-counts", text: what(change) });
      add(head, "span", { cls: "commonplace-counts", text: counts(change) });
      showDiff(card, change);
    }
    const row = add(card, "div", { cls: "commonplace-choices" });
    for (const option of permission.options) {
      const cls = option.kind === "allow_once" ? "mod-cta" : "";
      addButton(row, option.name, () => this.answer(permission.id, option.optionId), { cls });
    }
    return card;
  }
}

/** Nothing has happened yet: what is told here is what will be. */
function what(change: Change): string {
  if (change.before === null) return "a new note";
  return change.after === null ? "the whole note goes" : "";
}
