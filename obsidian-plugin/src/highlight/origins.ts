/** Keeps the marks of origins in the open notes up to date. */

import { type App, Component, MarkdownView, Notice, type TAbstractFile } from "obsidian";

import type { Memory } from "../memory/memory";
import { type Origin, sentence } from "../memory/origin";
import type { Conversation } from "../session/conversation";
import { editorOf } from "./editor-view";
import { openCard, showOrigins } from "./origin-gutter";

/** After what happens to a note, others things often follow: they are waited for. */
const PAUSE = 300;

export class OriginMarks extends Component {
  private readonly known = new Map<string, readonly Origin[]>();
  private readonly asked = new Set<string>();
  private timer: number | null = null;
  private wasReady = false;

  constructor(
    private readonly app: App,
    private readonly conversation: Conversation,
    private readonly memory: Memory,
    private readonly wanted: () => boolean,
  ) {
    super();
  }

  override onload(): void {
    const { workspace, vault } = this.app;
    this.register(
      this.conversation.watch({
        updated: () => undefined,
        touched: ({ path, access }) => {
          if (access === "write") this.forget(path);
        },
        undone: ({ path }) => this.forget(path),
      }),
    );
    this.register(this.conversation.onChange(() => this.linkChanged()));
    this.registerEvent(workspace.on("file-open", () => this.later()));
    this.registerEvent(workspace.on("layout-change", () => this.later()));
    this.registerEvent(vault.on("modify", (file) => this.forget(file.path)));
    this.registerEvent(vault.on("rename", (file: TAbstractFile) => this.forget(file.path)));
    this.later();
  }

  override onunload(): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.known.clear();
    for (const view of this.views()) this.paint(view);
  }

  /** Shows the card of the line that the cursor is in, or says who wrote the line. */
  async tellCurrent(): Promise<void> {
    const view = this.app.workspace.getActiveViewOfType(MarkdownView);
    const editor = view === null ? null : editorOf(view);
    const path = view?.file?.path;
    if (editor === null || view === null || path === undefined) return;
    try {
      await this.ask(path);
      if (openCard(editor)) return;
      const line = editor.state.doc.lineAt(editor.state.selection.main.head);
      const origin = await this.memory.origin(path, line.number);
      new Notice(origin === null || origin.text !== line.text ? "The note is not saved yet; ask again in a moment." : sentence(origin));
    } catch (error) {
      new Notice(error instanceof Error ? error.message : "The daemon cannot be asked.");
    }
  }

  private forget(path: string): void {
    this.asked.delete(path);
    this.later();
  }

  /** After a restart of the daemon all is asked again. */
  private linkChanged(): void {
    const ready = this.conversation.state.link.kind === "ready";
    if (ready && !this.wasReady) {
      this.asked.clear();
      this.later();
    }
    this.wasReady = ready;
  }

  private later(): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, PAUSE);
  }

  private async refresh(): Promise<void> {
    const paths = new Set(this.views().flatMap((view) => view.file?.path ?? []));
    for (const path of this.known.keys()) if (!paths.has(path)) this.drop(path);
    for (const path of paths) {
      if (this.wanted() && !this.asked.has(path)) await this.ask(path).catch(() => this.drop(path));
    }
    for (const view of this.views()) this.paint(view);
  }

  private drop(path: string): void {
    this.known.delete(path);
    this.asked.delete(path);
  }

  private async ask(path: string): Promise<void> {
    this.asked.add(path);
    this.known.set(path, await this.memory.origins(path));
    for (const view of this.views()) if (view.file?.path === path) this.paint(view);
  }

  private paint(view: MarkdownView): void {
    const editor = editorOf(view);
    const origins = this.wanted() ? this.known.get(view.file?.path ?? "") : [];
    if (editor !== null) showOrigins(editor, origins ?? []);
  }

  private views(): readonly MarkdownView[] {
    return this.app.workspace.getLeavesOfType("markdown").flatMap(({ view }) => (view instanceof MarkdownView ? view : []));
  }
}
