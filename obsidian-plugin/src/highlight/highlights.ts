/** The marks in explorer, editors and status bar, kept in step with the daemon's updates and the workspace. */

import { Component, MarkdownView, type App, type TFile } from "obsidian";

import type { Conversation } from "../session/conversation";
import { counts } from "../session/words";
import { nextMark, showLines } from "./editor";
import { editorOf } from "./editor-view";
import { ExplorerMarks } from "./explorer";
import { changedLines } from "./lines";
import { type Mark, type Marks, NO_MARKS, dismissed, touched, undone, updated } from "./marks";

export interface HighlightChoices {
  readonly markExplorer: boolean;
  readonly markEditor: boolean;
}

const WORDS: Readonly<Record<Mark, string>> = { read: "Read by the agent", written: "Changed by the agent", active: "Agent at work" };

export class Highlights extends Component {
  private marks: Marks = NO_MARKS;
  private readonly explorer: ExplorerMarks;
  private waiting = false;

  constructor(
    private readonly app: App,
    private readonly conversation: Conversation,
    private readonly statusBar: HTMLElement,
    private readonly choices: () => HighlightChoices,
  ) {
    super();
    this.explorer = new ExplorerMarks(app);
  }

  override onload(): void {
    this.register(
      this.conversation.watch({
        updated: (update) => this.take(updated(this.marks, update, this.conversation.vault)),
        touched: (note) => this.take(touched(this.marks, note)),
        undone: (note) => this.take(undone(this.marks, note)),
      }),
    );
    const { workspace, vault } = this.app;
    this.registerEvent(workspace.on("layout-change", () => this.show()));
    this.registerEvent(workspace.on("file-open", () => this.show()));
    this.registerEvent(vault.on("create", () => this.show()));
    this.registerEvent(vault.on("delete", () => this.show()));
    this.registerEvent(vault.on("rename", () => this.show()));
    this.registerEvent(vault.on("modify", () => this.show()));
  }

  override onunload(): void {
    this.marks = NO_MARKS;
    this.paint();
    this.statusBar.textContent = "";
  }

  dismiss(path: string | null): void {
    this.take(dismissed(this.marks, path));
  }

  /** Moves the cursor to the next changed line of the active note; false where there is none. */
  goToNext(): boolean {
    const view = this.app.workspace.getActiveViewOfType(MarkdownView);
    const editor = view === null ? null : editorOf(view);
    const position = editor === null ? null : nextMark(editor.state);
    if (editor === null || position === null) return false;
    editor.dispatch({ selection: { anchor: position }, scrollIntoView: true });
    editor.focus();
    return true;
  }

  private take(marks: Marks): void {
    if (marks === this.marks) return;
    this.marks = marks;
    this.show();
  }

  /** Paints once for all that happened until the next frame. */
  private show(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.app.workspace.containerEl.win.requestAnimationFrame(() => {
      this.waiting = false;
      this.paint();
    });
  }

  private paint(): void {
    const { markExplorer, markEditor } = this.choices();
    this.explorer.show(markExplorer ? this.marks.notes : new Map());
    for (const leaf of this.app.workspace.getLeavesOfType("markdown")) {
      if (leaf.view instanceof MarkdownView) this.paintEditor(leaf.view, markEditor);
    }
    this.paintStatus(this.app.workspace.getActiveFile());
  }

  private paintEditor(view: MarkdownView, wanted: boolean): void {
    const editor = editorOf(view);
    if (editor === null) return;
    const change = wanted ? this.marks.changes.get(view.file?.path ?? "") : undefined;
    showLines(editor, change === undefined ? [] : changedLines(change, editor.state.doc.toString()));
  }

  private paintStatus(file: TFile | null): void {
    const mark = this.marks.notes.get(file?.path ?? "")?.mark;
    const change = this.marks.changes.get(file?.path ?? "");
    const words = mark === undefined ? "" : WORDS[mark];
    this.statusBar.textContent = change === undefined ? words : `${WORDS.written} ${counts(change)}`;
  }
}
