/** The list of sessions: named, searched, opened. */

import type { SessionInfo } from "../protocol/messages";
import { add, addButton, toggle } from "./dom";

export class SessionsView {
  readonly element: HTMLElement;
  private readonly search: HTMLInputElement;
  private readonly list: HTMLElement;
  private sessions: readonly SessionInfo[] = [];

  constructor(
    parent: HTMLElement,
    private readonly open: (id: string) => void,
    private readonly close: () => void,
  ) {
    this.element = add(parent, "section", { cls: "commonplace-sessions", attributes: { "aria-label": "Sessions" } });
    this.search = add(this.element, "input", { attributes: { type: "search", placeholder: "Search the sessions", "aria-label": "Search the sessions" } });
    this.list = add(this.element, "ul");
    this.search.addEventListener("input", () => this.showList());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.list.querySelector("button")?.click();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    toggle(this.element, false);
  }

  get shown(): boolean {
    return !this.element.hasAttribute("hidden");
  }

  show(sessions: readonly SessionInfo[]): void {
    this.sessions = sessions;
    this.search.value = "";
    this.showList();
    toggle(this.element, true);
    this.search.focus();
  }

  tell(text: string): void {
    this.sessions = [];
    this.list.textContent = "";
    add(this.list, "li", { cls: "commonplace-muted", text });
    toggle(this.element, true);
  }

  hide(): void {
    toggle(this.element, false);
  }

  private showList(): void {
    const query = this.search.value.trim().toLowerCase();
    const found = this.sessions.filter((session) => nameOf(session).toLowerCase().includes(query));
    this.list.textContent = "";
    for (const session of found) {
      const item = add(this.list, "li");
      const button = addButton(item, "", () => this.open(session.sessionId));
      add(button, "span", { text: nameOf(session), attributes: { dir: "auto" } });
      add(button, "span", { cls: "commonplace-muted", text: dateOf(session) });
    }
    if (found.length === 0) add(this.list, "li", { cls: "commonplace-muted", text: query === "" ? "No session yet." : "No session of that name." });
  }
}

function nameOf(session: SessionInfo): string {
  return session.title || "Untitled";
}

/** Of today the time, of this year the day: a narrow list has no room for more. */
function dateOf(session: SessionInfo, now = new Date()): string {
  const date = new Date(session.updatedAt ?? "");
  if (Number.isNaN(date.getTime())) return "";
  if (date.toDateString() === now.toDateString()) return date.toLocaleTimeString(undefined, { timeStyle: "short" });
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short", ...year });
}
