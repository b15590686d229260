/** Asks for a code where the page has none that is good: opened by hand, reloaded, or older than the daemon. */

import { add, toggle } from "../chat/dom";

export const CODE_COMMAND = "commonplace window --code";

export class Gate {
  private readonly element: HTMLElement;
  private readonly reason: HTMLElement;
  private readonly problem: HTMLElement;
  private readonly input: HTMLInputElement;

  /** @param enter tries a code; rejects, saying why, where it is not good. */
  constructor(
    parent: HTMLElement,
    private readonly enter: (code: string) => Promise<void>,
  ) {
    this.element = add(parent, "section", { cls: "commonplace-gate", attributes: { "aria-label": "Let this page in" } });
    add(this.element, "h2", { text: "Commonplace" });
    this.reason = add(this.element, "p");
    const how = add(this.element, "p", { text: "In a terminal, type " });
    add(how, "code", { text: CODE_COMMAND });
    how.append(" and paste here what it prints. It is good for one minute.");
    const form = add(this.element, "form");
    const label = add(form, "label", { text: "Code" });
    this.input = add(label, "input", { attributes: { type: "text", autocomplete: "off", spellcheck: "false" } });
    add(form, "button", { cls: "mod-cta", text: "Go on", attributes: { type: "submit" } });
    this.problem = add(this.element, "p", { cls: "commonplace-error", attributes: { role: "alert" } });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.try(this.input.value);
    });
    this.hide();
  }

  show(reason: string): void {
    this.reason.textContent = reason;
    toggle(this.element, true);
    this.input.focus();
  }

  hide(): void {
    this.input.value = "";
    toggle(this.element, false);
  }

  async try(code: string): Promise<void> {
    this.problem.textContent = "";
    try {
      await this.enter(code);
      this.hide();
    } catch (error) {
      this.problem.textContent = error instanceof Error ? error.message : "This code is not good.";
    }
  }
}
