/** The card of one line: which sentence it comes from, and what can be done about it. */

import { type DiffLine, showLine } from "../chat/diff";
import { add, addButton } from "../chat/dom";
import type { ForgetAnswer } from "../protocol/wire";
import { type Origin, sentence, since } from "./origin";

export interface OriginActions {
  /** Shows the turn in the chat. */
  openChat(origin: Origin): void;
  /** Takes back all that the turn wrote. */
  undo(origin: Origin): Promise<void>;
  planToForget(origin: Origin): Promise<ForgetAnswer>;
  forget(origin: Origin, plan: ForgetAnswer): Promise<void>;
}

/**
 * @param done is called when the line is gone, or the user has gone elsewhere.
 * @param begin whether to offer what can be done, or to show at once what forgetting takes.
 */
export function showOriginCard(
  parent: HTMLElement,
  origin: Origin,
  actions: OriginActions,
  done: () => void,
  begin: "choose" | "forget" = "choose",
): HTMLElement {
  const card = add(parent, "section", { cls: "commonplace-why", attributes: { role: "dialog", "aria-label": "Why this line is here" } });
  add(card, "p", { text: sentence(origin), attributes: { dir: "auto" } });
  const later = since(origin);
  if (later !== "") add(card, "p", { cls: "commonplace-muted", text: later, attributes: { dir: "auto" } });
  const row = add(card, "div", { cls: "commonplace-choices" });
  if (begin === "forget") showPlan(row, origin, actions, done, done);
  else showChoices(row, origin, actions, done);
  return card;
}

function showChoices(row: HTMLElement, origin: Origin, actions: OriginActions, done: () => void): void {
  row.textContent = "";
  addButton(row, "Open chat", () => {
    done();
    actions.openChat(origin);
  });
  if (origin.writer === "turn") addButton(row, "Undo", () => void attempt(row, () => actions.undo(origin), done));
  addButton(row, "Forget", () => showPlan(row, origin, actions, done, () => showChoices(row, origin, actions, done)));
}

function showPlan(row: HTMLElement, origin: Origin, actions: OriginActions, done: () => void, back: () => void): void {
  void attempt(row, async () => {
    const plan = await actions.planToForget(origin);
    confirmForgetting(row, origin, plan, actions, done, back);
  });
}

/** What goes is seen before it goes. */
function confirmForgetting(row: HTMLElement, origin: Origin, plan: ForgetAnswer, actions: OriginActions, done: () => void, back: () => void): void {
  row.textContent = "";
  const list = add(row, "ul", { cls: "commonplace-forgetting", attributes: { "aria-label": "What goes" } });
  for (const note of plan.notes) {
    const item = add(list, "li", { text: note.change === "deleted" ? `${note.path}, the whole note` : note.path });
    const lines = add(item, "div", { cls: "commonplace-diff" });
    for (const line of note.diff) showLine(lines, lineOf(line));
  }
  const forget = addButton(row, "Forget it", () => void attempt(row, () => actions.forget(origin, plan), done), { cls: "mod-cta" });
  addButton(row, "Keep it", back);
  forget.focus();
}

/** A line as the daemon tells it: its sign, then its text. */
function lineOf(line: string): DiffLine {
  const kind = line.startsWith("-") ? "removed" : line.startsWith("+") ? "added" : "same";
  return { kind, pieces: [{ kind: "same", text: line.slice(1) }] };
}

async function attempt(row: HTMLElement, action: () => Promise<void>, done?: () => void): Promise<void> {
  row.parentElement?.querySelector(".commonplace-error")?.remove();
  try {
    await action();
    done?.();
  } catch (error) {
    const text = error instanceof Error ? error.message : "That did not work.";
    if (row.parentElement !== null) add(row.parentElement, "p", { cls: "commonplace-error", text, attributes: { role: "alert" } });
  }
}
