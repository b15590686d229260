/** The empty chat: what it sees, and three questions to begin with. */

import type { AvailableCommand } from "../protocol/messages";
import type { OverviewAnswer } from "../protocol/wire";
import type { ConversationState } from "../session/state";
import { add, addButton, toggle } from "./dom";

export class EmptyView {
  private readonly element: HTMLElement;
  private shown: OverviewAnswer | null | undefined;
  private commands: readonly AvailableCommand[] | undefined;

  constructor(
    parent: HTMLElement,
    private readonly ask: (question: string) => void,
  ) {
    this.element = add(parent, "div", { cls: "commonplace-empty" });
  }

  update({ session, overview, link, queue }: ConversationState): void {
    const empty = session.turns.length === 0 && queue.length === 0 && session.id !== null && link.kind === "ready";
    toggle(this.element, empty);
    if (!empty || (overview === this.shown && session.commands === this.commands)) return;
    [this.shown, this.commands] = [overview, session.commands];
    this.element.textContent = "";
    if (overview === null) {
      add(this.element, "p", { text: "Ask about your notes, or tell it something to remember." });
      return;
    }
    add(this.element, "p", { text: seen(overview) });
    for (const question of overview.questions) addButton(this.element, question, () => this.ask(question));
    if (overview.questions.length > 0 || !session.commands.some((command) => command.name === "start")) return;
    add(this.element, "p", { text: "It knows nothing of you yet. Seven short questions, each of which can be skipped, give it a beginning." });
    addButton(this.element, "Introduce yourself", () => this.ask("/start"));
  }
}

export function seen({ entities, notes }: OverviewAnswer): string {
  const known = entities === 1 ? "1 entity" : `${entities.toLocaleString("en")} entities`;
  const readable = notes === 1 ? "1 note" : `${notes.toLocaleString("en")} notes`;
  return `It remembers ${known} and can read ${readable}.`;
}
