/** The top of the chat: the session's name, its model and mode at a glance, the list of sessions. */

import type { SelectOption, Session } from "../session/model";
import type { ConversationState } from "../session/state";
import { add, addButton, redraw, toggle } from "./dom";
import type { ChatHost } from "./host";
import { Title } from "./title";

export interface HeaderActions {
  begin(): void;
  list(): void;
  setMode(mode: string): void;
  setChoice(id: string, value: string): void;
  name(title: string): void;
}

export class Header {
  private readonly title: Title;
  private readonly facts: HTMLElement;
  private readonly selects: HTMLElement;
  readonly listButton: HTMLButtonElement;
  private shown = "";

  constructor(
    parent: HTMLElement,
    host: ChatHost,
    private readonly actions: HeaderActions,
  ) {
    const head = add(parent, "header", { cls: "commonplace-header" });
    const row = add(head, "div", { cls: "commonplace-header-row" });
    this.title = new Title(row, host, (title) => actions.name(title));
    this.listButton = addButton(row, "Sessions", () => actions.list(), {
      cls: "clickable-icon",
      icon: (element) => host.setIcon(element, "history"),
    });
    this.listButton.setAttribute("aria-expanded", "false");
    addButton(row, "New session", () => actions.begin(), {
      cls: "clickable-icon",
      icon: (element) => host.setIcon(element, "new"),
    });
    this.facts = add(head, "div", { cls: "commonplace-facts" });
    this.selects = add(head, "div", { cls: "commonplace-selects" });
  }

  update({ session, link, filters }: ConversationState, vault: string): void {
    this.title.update(session);
    const model = link.kind === "ready" ? modelWords(link.welcome.model, link.welcome.modelHost) : "";
    this.facts.textContent = [vault, model, filterWords(filters)].filter(Boolean).join(" · ");
    this.facts.title = filters.join("\n");
    const shown = JSON.stringify([session.mode, session.modes, session.choices]);
    if (shown === this.shown) return;
    this.shown = shown;
    redraw(this.selects, () => this.drawSelects(session));
    toggle(this.selects, this.selects.childElementCount > 0);
  }

  private drawSelects({ mode, modes, choices }: Session): void {
    const named = modes.map(({ id, name }) => ({ value: id, name }));
    this.select("Mode", mode ?? "", named, (value) => this.actions.setMode(value));
    for (const choice of choices) {
      this.select(choice.name, choice.value, choice.options, (value) => this.actions.setChoice(choice.id, value));
    }
  }

  private select(name: string, value: string, options: readonly SelectOption[], choose: (value: string) => void): void {
    if (options.length < 2) return;
    const select = add(this.selects, "select", { cls: "dropdown", attributes: { "aria-label": name, title: name } });
    for (const option of options) add(select, "option", { text: option.name, attributes: { value: option.value } });
    select.value = value;
    select.addEventListener("change", () => choose(select.value));
  }
}

function filterWords(filters: readonly string[]): string {
  if (filters.length === 0) return "";
  return filters.length === 1 ? `filter: ${filters[0] ?? ""}` : `${filters.length} filters`;
}

function modelWords(model: string, host: string | null): string {
  if (host !== null) return `${model} on ${host}: notes are sent there`;
  return model === "reader" ? "the reader, no language model" : model;
}
