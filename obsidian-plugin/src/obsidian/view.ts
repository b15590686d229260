/** The chat in a pane. */

import { ItemView, type WorkspaceLeaf } from "obsidian";

import { Chat } from "../chat/chat";
import type { DaemonHelp } from "../chat/host";
import type { Conversation } from "../session/conversation";
import { ObsidianHost } from "./host";
import { NAME, VIEW_TYPE } from "./view-type";

export class ChatPane extends ItemView {
  private chat: Chat | null = null;
  override icon = "message-square-quote";
  override navigation = false;

  constructor(
    leaf: WorkspaceLeaf,
    private readonly conversation: Conversation,
    private readonly daemon: DaemonHelp,
  ) {
    super(leaf);
  }

  override getViewType(): string {
    return VIEW_TYPE;
  }

  override getDisplayText(): string {
    return NAME;
  }

  override async onOpen(): Promise<void> {
    this.contentEl.addClass("commonplace-pane");
    const memory = (): string => this.conversation.state.overview?.memory ?? "";
    const host = new ObsidianHost(this.app, this, this.daemon, memory);
    this.chat = new Chat(this.contentEl, host, this.conversation, this.app.vault.getName());
  }

  override async onClose(): Promise<void> {
    this.chat?.destroy();
    this.chat = null;
  }

  focusInput(): void {
    this.chat?.composer.focus();
  }

  /** Begins another session in the place of what is shown. */
  async begin(): Promise<void> {
    await this.chat?.begin();
  }

  /** Shows a turn of a session; false where it is kept no more. */
  async reveal(session: string, turn: string): Promise<boolean> {
    return (await this.chat?.reveal(session, turn)) ?? false;
  }

  /** Puts a text into the message that is being written. */
  put(text: string): void {
    this.chat?.composer.put(text);
  }
}
