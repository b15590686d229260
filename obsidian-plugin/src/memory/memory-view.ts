/** What the memory knows: facts by note, the newest first, each with its source; keep, edit, forget. */

import { add, addButton, redraw, toggle } from "../chat/dom";
import type { ChatHost } from "../chat/host";
import { noteLink } from "../chat/note-link";
import type { Fact, KnownNote } from "../protocol/wire";
import { nameOf } from "../session/words";
import { type Memory, keptName } from "./memory";
import { type OriginActions, showOriginCard } from "./origin-card";
import { type Origin, since, sentence } from "./origin";

/** Facts that the user has looked at and kept; they are no longer said to be new. */
export interface Kept {
  has(name: string): boolean;
  keep(name: string): void;
}

/** Its target, and the text it is shown by where it has one. */
const LINK = /\[\[([^\]|\n]+)(?:\|([^\]\n]+))?\]\]/g;

export class MemoryView {
  private readonly list: HTMLElement;
  private readonly status: HTMLElement;
  private readonly search: HTMLInputElement;
  private notes: readonly KnownNote[] = [];
  private asked = 0;
  /** What the user is asked about stays until they answer, whatever happens to the notes meanwhile. */
  private card: HTMLElement | null = null;

  constructor(
    element: HTMLElement,
    private readonly host: ChatHost,
    private readonly memory: Memory,
    private readonly actions: OriginActions,
    private readonly kept: Kept,
  ) {
    element.classList.add("commonplace-memory");
    const head = add(element, "header", { cls: "commonplace-header" });
    const row = add(head, "div", { cls: "commonplace-header-row" });
    add(row, "h2", { cls: "commonplace-title", text: "What it remembers" });
    addButton(row, "Look again", () => this.lookAgain(), { cls: "clickable-icon", icon: (place) => host.setIcon(place, "retry") });
    this.search = add(head, "input", { attributes: { type: "search", placeholder: "Search what it remembers", "aria-label": "Search what it remembers" } });
    this.search.addEventListener("input", () => this.draw());
    this.status = add(element, "p", { cls: "commonplace-muted", attributes: { role: "status" } });
    this.list = add(element, "div", { cls: "commonplace-memory-notes" });
  }

  async refresh(): Promise<void> {
    const asked = (this.asked += 1);
    try {
      const { notes, total } = await this.memory.facts();
      if (asked !== this.asked) return;
      this.notes = notes;
      if (this.card !== null) return;
      this.draw();
      if (total > notes.length) this.say(`The ${notes.length} notes that learned something last, of ${total}.`);
    } catch (error) {
      this.say(error instanceof Error ? error.message : "The memory cannot be read.");
    }
  }

  private say(text: string): void {
    this.status.textContent = text;
    toggle(this.status, text !== "");
  }

  private lookAgain(): void {
    this.card = null;
    void this.refresh();
  }

  private draw(): void {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.card = null;
    let shown = 0;
    redraw(this.list, () => {
      for (const note of this.notes) {
        const facts = note.facts.filter((fact) => words.every((word) => `${note.path} ${fact.key} ${fact.value}`.toLowerCase().includes(word)));
        if (facts.length === 0) continue;
        shown += 1;
        this.showNote(note, facts);
      }
    });
    const none = this.notes.length === 0 ? "It knows nothing yet. Type /start in the chat, or tell it something." : "Nothing of that kind.";
    this.say(shown === 0 ? none : "");
  }

  private showNote(note: KnownNote, facts: readonly Fact[]): void {
    const section = add(this.list, "section", { attributes: { "aria-label": note.title ?? note.path } });
    const heading = add(section, "h3");
    noteLink(heading, note.path, this.host, note.title ?? note.path);
    const list = add(section, "ul");
    for (const fact of facts) this.showFact(list, note, fact);
  }

  private showFact(list: HTMLElement, note: KnownNote, fact: Fact): void {
    const item = add(list, "li", { cls: "commonplace-fact" });
    const { origin } = fact;
    const line = add(item, "div", { cls: "commonplace-fact-line" });
    this.showValue(add(line, "span", { text: `${fact.key}: `, attributes: { dir: "auto" } }), fact.value);
    const name = keptName(origin);
    const acts = add(line, "span", { cls: "commonplace-fact-acts" });
    if (origin.writer === "turn" && !this.kept.has(name)) {
      const mark = add(acts, "span", { cls: "commonplace-new", text: "New" });
      const keep = addButton(acts, "Keep", () => {
        this.kept.keep(name);
        mark.remove();
        edit.focus();
        keep.remove();
      });
      keep.setAttribute("aria-label", `Keep: ${fact.key}`);
    }
    const edit = this.act(acts, "Edit", fact, () => this.host.openNote(note.path, new MouseEvent("click"), fact.line));
    this.act(acts, "Forget", fact, () => this.showForgetting(item, fact));
    add(item, "div", { cls: "commonplace-muted", text: sourceOf(origin), attributes: { dir: "auto" } });
  }

  /** Links in a value lead to their notes, and are shown by what the memory calls those. */
  private showValue(parent: HTMLElement, value: string): void {
    let shown = 0;
    for (const { 0: whole, 1: target = "", 2: alias, index } of value.matchAll(LINK)) {
      parent.append(value.slice(shown, index));
      noteLink(parent, target, this.host, alias ?? this.titleOf(target));
      shown = index + whole.length;
    }
    parent.append(value.slice(shown));
  }

  private titleOf(link: string): string {
    const bare = link.replace(/\.md$/, "");
    const note = this.notes.find(({ path }) => path === `${bare}.md` || path.endsWith(`/${bare}.md`));
    return note?.title ?? nameOf(link);
  }

  private act(parent: HTMLElement, label: string, fact: Fact, press: () => void): HTMLButtonElement {
    const button = addButton(parent, label, press);
    button.setAttribute("aria-label", `${label}: ${fact.key}`);
    return button;
  }

  private showForgetting(item: HTMLElement, fact: Fact): void {
    this.card?.remove();
    this.card = showOriginCard(item, fact.origin, this.actions, () => this.lookAgain(), "forget");
  }
}

/** Most facts of a vault with a past are a human's: a few words do for those. */
function sourceOf(origin: Origin): string {
  return origin.writer === "human" ? "Yours, or another program's" : [sentence(origin), since(origin)].join(" ").trim();
}
