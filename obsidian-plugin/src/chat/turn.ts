/** One turn: the question, the trail of steps, what waits, the reply, what changed, how it ended. */

import type { Turn } from "../session/model";
import { ChangesView } from "./changes";
import { add, addButton, toggle } from "./dom";
import type { ChatHost } from "./host";
import { PermissionsView } from "./permission";
import { ReplyView } from "./reply";
import { TrailView } from "./trail";

export interface TurnActions {
  retry(question: string): void;
  answer(id: number, optionId: string): void;
  undo(turn: string, path: string | null): Promise<void>;
  /** A block of the reply is finished. */
  spoken(text: string): void;
  /** A block was rendered, which may be after the frame that showed it. */
  grown(): void;
}

export class TurnView {
  readonly element: HTMLElement;
  private shown: Turn | null = null;
  private couldUndo = false;
  private readonly question: HTMLElement;
  private readonly trail: TrailView;
  private readonly permissions: PermissionsView;
  private readonly reply: ReplyView;
  private readonly notices: HTMLElement;
  private readonly changes: ChangesView;
  private readonly foot: HTMLElement;

  constructor(
    parent: HTMLElement,
    private readonly host: ChatHost,
    private readonly actions: TurnActions,
  ) {
    this.element = add(parent, "article", { cls: "commonplace-turn", attributes: { tabindex: "-1" } });
    this.question = add(this.element, "div", { cls: "commonplace-question", attributes: { dir: "auto" } });
    this.trail = new TrailView(this.element);
    const reply = add(this.element, "div", { cls: "commonplace-reply markdown-rendered", attributes: { dir: "auto" } });
    this.reply = new ReplyView(
      reply,
      host,
      (text) => this.actions.spoken(text),
      () => this.actions.grown(),
    );
    this.permissions = new PermissionsView(this.element, host, (id, option) => this.actions.answer(id, option));
    this.changes = new ChangesView(this.element, host, (turn, path) => this.actions.undo(turn, path));
    this.notices = add(this.element, "ul", { cls: "commonplace-notices", attributes: { "aria-label": "Notices" } });
    this.foot = add(this.element, "div", { cls: "commonplace-foot" });
  }

  /** Brings the view up to the turn; what did not change is not touched. */
  update(turn: Turn, canUndo: boolean): void {
    const before = this.shown;
    if (turn === before && canUndo === this.couldUndo) return;
    this.shown = turn;
    this.couldUndo = canUndo;
    if (turn.question !== before?.question) {
      this.question.textContent = turn.question;
      toggle(this.question, turn.question !== "");
      this.element.setAttribute("aria-label", turn.question === "" ? "Turn" : `Turn: ${turn.question.slice(0, 80)}`);
    }
    this.trail.update(turn);
    this.reply.update(turn.reply, turn.state === "ended");
    this.permissions.update(turn.permissions);
    this.changes.update(turn, canUndo);
    if (turn.notices !== before?.notices) this.showNotices(turn.notices);
    if (turn.state !== before?.state || turn.end !== before.end) this.showEnd(turn);
  }

  private showNotices(notices: readonly string[]): void {
    this.notices.textContent = "";
    for (const text of notices) add(this.notices, "li", { text });
    toggle(this.notices, notices.length > 0);
  }

  private showEnd(turn: Turn): void {
    this.foot.textContent = "";
    this.element.classList.toggle("is-unknown", turn.state === "unknown");
    const words = endWords(turn);
    if (words !== "") add(this.foot, "span", { cls: turn.end?.error ? "commonplace-error" : "commonplace-muted", text: words });
    if (turn.state !== "ended") return;
    const buttons = add(this.foot, "span", { cls: "commonplace-foot-buttons" });
    if (turn.reply !== "") {
      this.iconButton(buttons, "Copy the reply", "copy", () => void this.host.copy(turn.reply));
    }
    if (turn.question !== "") {
      this.iconButton(buttons, "Ask again", "retry", () => this.actions.retry(turn.question));
    }
  }

  private iconButton(parent: HTMLElement, label: string, icon: "copy" | "retry", press: () => void): void {
    addButton(parent, label, press, { cls: "clickable-icon", icon: (element) => this.host.setIcon(element, icon) });
  }
}

function endWords(turn: Turn): string {
  if (turn.state === "unknown") return "The daemon went away in the middle of this. What it did is shown when it is back.";
  switch (turn.end?.reason) {
    case undefined:
    case "end_turn":
      return "";
    case "cancelled":
      return "Stopped.";
    case "max_turn_requests":
      return "Stopped after the most steps that a turn may take. Ask it to go on.";
    case "refusal":
      return "The model declined to answer.";
    case "failed":
    case "interrupted":
      return [turn.end?.error ?? "The turn failed.", turn.end?.advice ?? ""].join(" ").trim();
    default:
      return `Ended: ${turn.end?.reason ?? ""}.`;
  }
}
