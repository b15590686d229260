/** The plugin's life: what is registered when it loads, and with that taken away when it unloads. */

import { type Editor, FileSystemAdapter, Notice, Plugin } from "obsidian";

import { changedLinesExtension } from "./highlight/editor";
import { Highlights } from "./highlight/highlights";
import { daemonHelp, discover } from "./obsidian/daemon";
import { ChatPane } from "./obsidian/view";
import { NAME, VIEW_TYPE } from "./obsidian/view-type";
import { Conversation } from "./session/conversation";
import { CommonplaceSettingTab, DEFAULTS, type Settings, type SettingsOwner, settingsFrom } from "./settings";

/** After a longer gap between two ticks the machine was asleep, and the connection is not to be trusted. */
const TICK = 5_000;
const SLEPT = 30_000;

export default class CommonplacePlugin extends Plugin implements SettingsOwner {
  override settings: Settings = DEFAULTS;
  private highlights: Highlights | null = null;

  override async onload(): Promise<void> {
    this.settings = settingsFrom(await this.loadData());
    const conversation = this.converse();
    this.registerView(VIEW_TYPE, (leaf) => new ChatPane(leaf, conversation, daemonHelp(() => this.settings)));
    this.registerHoverLinkSource(VIEW_TYPE, { display: NAME, defaultMod: true });
    this.registerEditorExtension(changedLinesExtension);
    this.addRibbonIcon("message-square-quote", "Open the chat", () => void this.openChat());
    this.addSettingTab(new CommonplaceSettingTab(this.app, this));
    this.addCommands(conversation);
    this.app.workspace.onLayoutReady(() => {
      this.highlights = this.addChild(
        new Highlights(this.app, conversation, this.addStatusBarItem(), () => this.settings),
      );
      conversation.start();
    });
  }

  async settingsChanged(): Promise<void> {
    await this.saveData(this.settings);
    this.app.workspace.trigger("layout-change");
  }

  /** The vault's conversation: it outlives panes, and goes with the plugin. */
  private converse(): Conversation {
    const { adapter } = this.app.vault;
    const folder = adapter instanceof FileSystemAdapter ? adapter.getBasePath() : "";
    const conversation = new Conversation(
      folder,
      {
        name: "obsidian",
        discover: () => discover(this.app, this.settings),
        open: (url, protocols) => new WebSocket(url, protocols),
        later: (milliseconds, call) => {
          const timer = window.setTimeout(call, milliseconds);
          return () => window.clearTimeout(timer);
        },
      },
      this.settings.session,
    );
    this.register(() => conversation.stop());
    this.register(conversation.onChange(() => this.remember(conversation.state.session.id)));
    this.watchForSleep(conversation);
    return conversation;
  }

  private remember(session: string | null): void {
    if (session === null || session === this.settings.session) return;
    this.settings = { ...this.settings, session };
    void this.saveData(this.settings);
  }

  private watchForSleep(conversation: Conversation): void {
    let last = Date.now();
    const tick = (): void => {
      const now = Date.now();
      if (now - last > SLEPT) conversation.reconnect();
      last = now;
    };
    this.registerInterval(window.setInterval(tick, TICK));
  }

  private addCommands(conversation: Conversation): void {
    this.addCommand({ id: "open-chat", name: "Open the chat", callback: () => void this.openChat() });
    this.addCommand({
      id: "new-session",
      name: "Begin a new session",
      callback: () => void this.openChat().then(() => conversation.begin()),
    });
    this.addCommand({
      id: "ask-about-selection",
      name: "Ask about the selection",
      editorCallback: (editor) => void this.ask(editor, ""),
    });
    this.addCommand({
      id: "remember-selection",
      name: "Remember the selection",
      editorCallback: (editor) => void this.ask(editor, "Remember this: "),
    });
    this.addCommand({ id: "stop", name: "Stop the answer", callback: () => conversation.cancel() });
    this.addCommand({ id: "undo-last-turn", name: "Undo the last turn", callback: () => void undoLast(conversation) });
    this.addCommand({
      id: "next-change",
      name: "Go to the next changed line",
      callback: () => {
        if (this.highlights?.goToNext() !== true) new Notice("No line is marked in this note.");
      },
    });
    this.addCommand({ id: "dismiss-marks", name: "Dismiss all marks", callback: () => this.highlights?.dismiss(null) });
  }

  private async openChat(): Promise<ChatPane | null> {
    const leaf = await this.app.workspace.ensureSideLeaf(VIEW_TYPE, "right", { active: true, reveal: true });
    await this.app.workspace.revealLeaf(leaf);
    if (!(leaf.view instanceof ChatPane)) return null;
    leaf.view.focusInput();
    return leaf.view;
  }

  private async ask(editor: Editor, before: string): Promise<void> {
    const selection = editor.getSelection().trim();
    if (selection === "") {
      new Notice("Select some text first.");
      return;
    }
    const pane = await this.openChat();
    pane?.put(before === "" ? `${selection}\n\n` : `${before}${selection}`);
  }
}

async function undoLast(conversation: Conversation): Promise<void> {
  try {
    const undone = await conversation.undoLast();
    new Notice(undone ? "The last turn is undone." : "No turn of this session changed a note.");
  } catch (error) {
    new Notice(error instanceof Error ? error.message : "It could not be undone.");
  }
}
