/** Tells the daemon which notes are open, and edits them in their editors when it asks. */

import type { EditorView } from "@codemirror/view";
import { type App, Component, MarkdownView } from "obsidian";

import { editorOf } from "../highlight/editor-view";
import type { Conversation } from "../session/conversation";
import { type EditAsked, applyEdit } from "./change";

export class OpenNotes extends Component {
  /** What the daemon was told; null while it knows nothing. */
  private told: ReadonlySet<string> | null = null;
  private link = "";

  constructor(
    private readonly app: App,
    private readonly conversation: Conversation,
  ) {
    super();
  }

  override onload(): void {
    const { conversation } = this;
    const { workspace, vault } = this.app;
    this.register(conversation.answer("_commonplace/read", (params) => this.read(params as { path: string })));
    this.register(conversation.answer("_commonplace/edit", (params) => this.edit(params as EditAsked)));
    this.register(conversation.onChange(() => this.linkChanged()));
    this.registerEvent(workspace.on("layout-change", () => this.tell()));
    this.registerEvent(workspace.on("file-open", () => this.tell()));
    this.registerEvent(workspace.on("active-leaf-change", () => this.tell()));
    this.registerEvent(vault.on("rename", () => this.tell()));
    this.linkChanged();
  }

  private linkChanged(): void {
    const { link, session } = this.conversation.state;
    // A vault that is registered only now has a session only now.
    const now = link.kind === "ready" && session.id !== null ? "ready" : "away";
    if (now === this.link) return;
    this.link = now;
    this.told = null;
    if (now === "ready") void this.begin();
  }

  private async begin(): Promise<void> {
    const open = this.open();
    try {
      await this.conversation.request("_commonplace/editor", { vault: this.conversation.vault, open: [...open] });
      this.told = open;
      this.tell();
    } catch {
      // A daemon of before, or one that went: it then writes to the disk, as it does for a note that is not open.
      this.told = null;
    }
  }

  private tell(): void {
    if (this.told === null) return;
    const [before, open] = [this.told, this.open()];
    this.told = open;
    const told = [
      ...[...open].filter((path) => !before.has(path)).map((path) => ["_commonplace/opened", path] as const),
      ...[...before].filter((path) => !open.has(path)).map((path) => ["_commonplace/closed", path] as const),
    ];
    for (const [method, path] of told) this.conversation.request(method, { path }).catch(() => undefined);
  }

  private open(): ReadonlySet<string> {
    return new Set(this.views().map((view) => view.file?.path ?? ""));
  }

  private async read({ path }: { readonly path: string }): Promise<{ text: string | null }> {
    return { text: this.editors(path)[0]?.state.doc.toString() ?? null };
  }

  private async edit(asked: EditAsked): Promise<{ applied: boolean }> {
    const applied = await applyEdit(this.editors(asked.path), asked);
    const shown = this.views().find((view) => view.file?.path === asked.path);
    if (applied) void shown?.save();
    return { applied };
  }

  /** The editors of a note in all windows, the active one first. */
  private editors(path: string): readonly EditorView[] {
    const shown = this.views().filter((view) => view.file?.path === path);
    const active = this.app.workspace.getActiveViewOfType(MarkdownView);
    return [...shown.filter((view) => view === active), ...shown.filter((view) => view !== active)].flatMap((view) => editorOf(view) ?? []);
  }

  /** In reading view nobody types, and its editor may be behind. */
  private views(): readonly MarkdownView[] {
    return this.app.workspace
      .getLeavesOfType("markdown")
      .flatMap(({ view }) => (view instanceof MarkdownView && view.file !== null && view.getMode() === "source" ? view : []));
  }
}
