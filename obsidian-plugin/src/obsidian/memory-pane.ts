/** What the memory knows, in a pane. */

import { ItemView, type WorkspaceLeaf } from "obsidian";

import type { DaemonHelp } from "../chat/host";
import type { Memory } from "../memory/memory";
import { type Kept, MemoryView } from "../memory/memory-view";
import type { OriginActions } from "../memory/origin-card";
import type { Conversation } from "../session/conversation";
import { ObsidianHost } from "./host";
import { MEMORY_VIEW_TYPE } from "./view-type";

/** Of many writes that follow each other, the last is looked at. */
const PAUSE = 500;

export class MemoryPane extends ItemView {
  override icon = "list-tree";
  override navigation = false;
  private timer: number | null = null;

  constructor(
    leaf: WorkspaceLeaf,
    private readonly conversation: Conversation,
    private readonly memory: Memory,
    private readonly actions: OriginActions,
    private readonly kept: Kept,
    private readonly daemon: DaemonHelp,
  ) {
    super(leaf);
  }

  override getViewType(): string {
    return MEMORY_VIEW_TYPE;
  }

  override getDisplayText(): string {
    return "What it remembers";
  }

  override async onOpen(): Promise<void> {
    const host = new ObsidianHost(this.app, this, this.daemon, () => this.conversation.state.overview?.memory ?? "");
    const view = new MemoryView(this.contentEl, host, this.memory, this.actions, this.kept);
    let ready = false;
    const look = (): void => {
      if (this.timer !== null) window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void view.refresh(), PAUSE);
    };
    this.register(
      this.conversation.watch({
        updated: () => undefined,
        touched: ({ access }) => {
          if (access === "write") look();
        },
        undone: look,
      }),
    );
    this.register(
      this.conversation.onChange(() => {
        const now = this.conversation.state.overview !== null;
        if (now && !ready) look();
        ready = now;
      }),
    );
    this.registerEvent(this.app.vault.on("modify", look));
    await view.refresh();
  }

  override async onClose(): Promise<void> {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.contentEl.textContent = "";
    this.contentEl.classList.remove("commonplace-memory");
  }
}
