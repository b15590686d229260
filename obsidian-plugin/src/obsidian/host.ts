/** Obsidian as the chat's host. */

import { type App, type Component, Keymap, MarkdownRenderer, Notice, type TFile, setIcon } from "obsidian";

import type { ChatHost, DaemonHelp, Icon } from "../chat/host";
import { VIEW_TYPE } from "./view-type";

const ICONS: Readonly<Record<Icon, string>> = {
  send: "arrow-up",
  stop: "square",
  new: "plus",
  history: "history",
  read: "eye",
  written: "pencil",
  "active-note": "file-text",
  copy: "copy",
  retry: "rotate-ccw",
  undo: "undo-2",
  close: "x",
  down: "arrow-down",
};

export class ObsidianHost implements ChatHost {
  /**
   * @param component owns what the rendered markdown brings along, and goes with the view.
   * @param memory the folder that the agent's links are relative to, with no slash at its end.
   */
  constructor(
    private readonly app: App,
    private readonly component: Component,
    readonly daemon: DaemonHelp,
    private readonly memory: () => string,
  ) {}

  async render(markdown: string, into: HTMLElement): Promise<void> {
    await MarkdownRenderer.render(this.app, markdown, into, this.source, this.component);
  }

  setIcon(element: HTMLElement, icon: Icon): void {
    setIcon(element, ICONS[icon]);
  }

  openNote(link: string, event: MouseEvent | KeyboardEvent, line?: number): void {
    const file = this.find(link);
    const state = line === undefined ? {} : { eState: { line: line - 1 } };
    if (file === null) new Notice(`There is no note ${link}.`);
    else void this.app.workspace.openLinkText(file.path, "", Keymap.isModEvent(event), state);
  }

  previewNote(link: string, element: HTMLElement, event: MouseEvent): void {
    const file = this.find(link);
    if (file === null) return;
    this.app.workspace.trigger("hover-link", {
      event,
      source: VIEW_TYPE,
      hoverParent: this.component,
      targetEl: element,
      linktext: file.path,
      sourcePath: this.source,
    });
  }

  notes(): readonly string[] {
    return this.app.vault.getMarkdownFiles().map((file) => file.path);
  }

  activeNote(): string | null {
    return this.app.workspace.getActiveFile()?.path ?? null;
  }

  async copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    new Notice("Copied.");
  }

  /** A note by its path, or by a link as the agent writes it; following it never makes a note. */
  private find(link: string): TFile | null {
    const whole = this.app.vault.getFileByPath(link);
    if (whole !== null) return whole;
    const target = link.split("#")[0]?.trim() ?? "";
    return this.app.vault.getFileByPath(target) ?? this.app.metadataCache.getFirstLinkpathDest(target.replace(/\.md$/, ""), this.source);
  }

  private get source(): string {
    const memory = this.memory();
    return memory === "" ? "user.md" : `${memory}/user.md`;
  }
}
