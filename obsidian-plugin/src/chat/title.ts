/** The session's name, changed in its place. */

import type { Session } from "../session/model";
import { add, addButton, toggle } from "./dom";
import type { ChatHost } from "./host";

/** Characters; the daemon takes no more. */
const LONGEST = 200;

export class Title {
  private readonly shown: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly button: HTMLButtonElement;

  constructor(
    parent: HTMLElement,
    host: ChatHost,
    private readonly name: (title: string) => void,
  ) {
    this.shown = add(parent, "h2", { cls: "commonplace-title", text: "Commonplace" });
    const attributes = { type: "text", maxlength: String(LONGEST), "aria-label": "Name of this session", dir: "auto" };
    this.input = add(parent, "input", { cls: "commonplace-title", attributes });
    this.button = addButton(parent, "Name this session", () => this.begin(), {
      cls: "clickable-icon",
      icon: (element) => host.setIcon(element, "written"),
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.end());
    this.end();
  }

  update(session: Session): void {
    this.shown.textContent = session.title ?? session.turns[0]?.question.slice(0, 60) ?? "Commonplace";
    toggle(this.button, session.id !== null && session.turns.length > 0);
  }

  private begin(): void {
    this.input.value = this.shown.textContent;
    toggle(this.shown, false);
    toggle(this.input, true);
    this.input.select();
  }

  private end(): void {
    toggle(this.input, false);
    toggle(this.shown, true);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    const title = this.input.value.trim();
    this.end();
    this.button.focus();
    if (event.key === "Enter" && title !== "") this.name(title);
  }
}
