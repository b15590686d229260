/** What `@` and `/` offer while one types: notes and commands. The matching is pure. */

import { add, toggle } from "./dom";

export interface Suggestion {
  readonly label: string;
  readonly detail: string;
  /** What takes the place of the word that was typed. */
  readonly insert: string;
}

export interface Trigger {
  readonly mark: "@" | "/";
  readonly query: string;
  /** Where the mark stands in the text. */
  readonly start: number;
}

const MOST = 8;

/** The mention or command that is being typed at the cursor: `/` at the beginning only, `@` at a word's. */
export function triggerAt(text: string, cursor: number): Trigger | null {
  const before = text.slice(0, cursor);
  const command = /^\/(\S*)$/.exec(before);
  if (command !== null) return { mark: "/", query: command[1] ?? "", start: 0 };
  const mention = /(?:^|\s)@([^\s@][^@\n]{0,60}|)$/.exec(before);
  if (mention === null) return null;
  const query = mention[1] ?? "";
  return { mark: "@", query, start: cursor - query.length - 1 };
}

/** Those that hold each letter group of the query; a name that begins with it comes first. */
export function matching(all: readonly Suggestion[], query: string): readonly Suggestion[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = all.flatMap((suggestion) => {
    const [label, detail] = [suggestion.label.toLowerCase(), suggestion.detail.toLowerCase()];
    if (!words.every((word) => label.includes(word) || detail.includes(word))) return [];
    const first = words[0] ?? "";
    return [{ suggestion, score: label.startsWith(first) ? 0 : label.includes(first) ? 1 : 2 }];
  });
  return scored
    .sort((one, other) => one.score - other.score || one.suggestion.label.length - other.suggestion.label.length)
    .slice(0, MOST)
    .map(({ suggestion }) => suggestion);
}

let lists = 0;

export class SuggestList {
  readonly element: HTMLElement;
  readonly id = `commonplace-suggest-${++lists}`;
  private items: readonly Suggestion[] = [];
  private chosen = 0;

  constructor(
    parent: HTMLElement,
    private readonly input: HTMLElement,
    private readonly take: (suggestion: Suggestion) => void,
  ) {
    this.element = add(parent, "ul", { cls: "commonplace-suggest", attributes: { role: "listbox", id: this.id, "aria-label": "Suggestions" } });
    toggle(this.element, false);
  }

  get open(): boolean {
    return this.items.length > 0;
  }

  show(items: readonly Suggestion[]): void {
    this.items = items;
    this.chosen = 0;
    this.element.textContent = "";
    items.forEach((item, index) => this.showItem(item, index));
    toggle(this.element, items.length > 0);
    this.mark();
  }

  move(by: number): void {
    this.chosen = (this.chosen + by + this.items.length) % this.items.length;
    this.mark();
  }

  takeChosen(): void {
    const item = this.items[this.chosen];
    if (item !== undefined) this.take(item);
  }

  private showItem(item: Suggestion, index: number): void {
    const row = add(this.element, "li", { cls: "commonplace-suggestion", attributes: { role: "option", id: `${this.id}-${index}` } });
    add(row, "span", { text: item.label });
    add(row, "span", { cls: "commonplace-muted", text: item.detail });
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take(item);
    });
  }

  private mark(): void {
    [...this.element.children].forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === this.chosen));
      row.classList.toggle("is-selected", index === this.chosen);
    });
    if (this.open) this.input.setAttribute("aria-activedescendant", `${this.id}-${this.chosen}`);
    else this.input.removeAttribute("aria-activedescendant");
  }
}
