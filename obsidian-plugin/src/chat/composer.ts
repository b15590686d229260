/** Where one types: Enter sends, Shift+Enter breaks the line, an input method's Enter does neither. */

import type { AvailableCommand } from "../protocol/messages";
import type { ConversationState } from "../session/state";
import { runningTurn } from "../session/model";
import { nameOf } from "../session/words";
import { add, addButton, toggle } from "./dom";
import type { ChatHost } from "./host";
import { SuggestList, type Suggestion, matching, triggerAt } from "./suggest";

export interface ComposerActions {
  send(text: string): void;
  stop(): void;
  unqueue(index: number): void;
  sendNext(): void;
}

/** Some browsers end a composition just before the keydown of the Enter that ended it. */
const JUST_COMPOSED = 30;

export class Composer {
  readonly input: HTMLTextAreaElement;
  private readonly list: SuggestList;
  private readonly sendButton: HTMLButtonElement;
  private readonly stopButton: HTMLButtonElement;
  private readonly queue: HTMLElement;
  private readonly sendNow: HTMLButtonElement;
  private shownQueue: readonly string[] = [];
  private commands: readonly AvailableCommand[] = [];
  private composedAt = Number.NEGATIVE_INFINITY;

  constructor(
    parent: HTMLElement,
    private readonly host: ChatHost,
    private readonly actions: ComposerActions,
  ) {
    this.queue = add(parent, "ul", { cls: "commonplace-queue", attributes: { "aria-label": "Waiting to be sent" } });
    this.sendNow = addButton(parent, "Send the next one now", () => this.actions.sendNext(), { cls: "commonplace-send-now" });
    const frame = add(parent, "div", { cls: "commonplace-composer" });
    this.input = add(frame, "textarea", {
      attributes: {
        rows: "1",
        placeholder: "Ask, or tell it something",
        "aria-label": "Message",
        "aria-autocomplete": "list",
        dir: "auto",
      },
    });
    this.list = new SuggestList(frame, this.input, (suggestion) => this.insert(suggestion));
    this.input.setAttribute("aria-controls", this.list.id);
    const row = add(frame, "div", { cls: "commonplace-composer-buttons" });
    if (host.activeNote !== undefined) this.icon(row, "Mention the active note", "active-note", () => this.mentionActive());
    this.stopButton = this.icon(row, "Stop (Esc)", "stop", () => this.actions.stop());
    this.sendButton = this.icon(row, "Send (Enter)", "send", () => this.submit());
    this.sendButton.classList.add("mod-cta");
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("compositionend", (event) => {
      this.composedAt = event.timeStamp;
    });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("blur", () => this.list.show([]));
    toggle(this.queue, false);
  }

  update({ session, queue, link }: ConversationState): void {
    this.commands = session.commands;
    const running = runningTurn(session) !== null;
    toggle(this.stopButton, running);
    this.sendButton.setAttribute("aria-label", running ? "Send after this answer (Enter)" : "Send (Enter)");
    toggle(this.sendNow, queue.length > 0 && !running && link.kind === "ready");
    if (queue !== this.shownQueue) this.showQueue(queue);
  }

  focus(): void {
    this.input.focus();
  }

  /** Puts a text at the cursor. */
  put(text: string): void {
    this.input.setRangeText(text, this.input.selectionStart, this.input.selectionEnd, "end");
    this.typed();
    this.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || event.key === "Process" || event.timeStamp - this.composedAt < JUST_COMPOSED) return;
    if (this.list.open && this.listKey(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }

  private listKey(event: KeyboardEvent): boolean {
    switch (event.key) {
      case "ArrowDown":
        this.list.move(1);
        return true;
      case "ArrowUp":
        this.list.move(-1);
        return true;
      case "Enter":
        if (this.commands.some(({ name }) => this.input.value === `/${name}`)) return false;
        this.list.takeChosen();
        return true;
      case "Tab":
        this.list.takeChosen();
        return true;
      case "Escape":
        this.list.show([]);
        event.stopPropagation();
        return true;
      default:
        return false;
    }
  }

  private submit(): void {
    const text = this.input.value;
    if (text.trim() === "") return;
    this.input.value = "";
    this.typed();
    this.actions.send(text);
  }

  private typed(): void {
    const { value, selectionStart } = this.input;
    this.input.rows = Math.min(10, Math.max(1, value.split("\n").length));
    const trigger = triggerAt(value, selectionStart);
    if (trigger === null) this.list.show([]);
    else if (trigger.mark === "@") this.list.show(matching(this.notes(), trigger.query));
    else this.list.show(matching(this.commandList(), `/${trigger.query}`));
  }

  private insert(suggestion: Suggestion): void {
    const { value, selectionStart } = this.input;
    const trigger = triggerAt(value, selectionStart);
    if (trigger === null) return;
    this.input.setRangeText(suggestion.insert, trigger.start, selectionStart, "end");
    this.list.show([]);
  }

  private mentionActive(): void {
    const path = this.host.activeNote?.() ?? null;
    if (path !== null) this.put(`${mention(path)} `);
  }

  private notes(): readonly Suggestion[] {
    return this.host.notes().map((path) => ({ label: nameOf(path), detail: path, insert: `${mention(path)} ` }));
  }

  private commandList(): readonly Suggestion[] {
    return this.commands.map((command) => ({
      label: `/${command.name}`,
      detail: command.description,
      insert: `/${command.name} `,
    }));
  }

  private showQueue(queue: readonly string[]): void {
    this.shownQueue = queue;
    this.queue.textContent = "";
    queue.forEach((text, index) => {
      const item = add(this.queue, "li");
      add(item, "span", { text, attributes: { dir: "auto", title: text } });
      addButton(item, `Remove: ${text.slice(0, 40)}`, () => this.actions.unqueue(index), {
        cls: "clickable-icon",
        icon: (element) => this.host.setIcon(element, "close"),
      });
    });
    toggle(this.queue, queue.length > 0);
  }

  private icon(parent: HTMLElement, label: string, icon: "active-note" | "stop" | "send", press: () => void): HTMLButtonElement {
    return addButton(parent, label, press, { cls: "clickable-icon", icon: (element) => this.host.setIcon(element, icon) });
  }
}

/** A note as one mentions it; a name that cannot stand in a wikilink is quoted. */
export function mention(path: string): string {
  return /[[\]|#^]/.test(path) ? `"${path}"` : `[[${path}]]`;
}
