/** The plugin's life: what is registered when it loads, and with that taken away when it unloads. */

import { FileSystemAdapter, MarkdownView, Plugin } from "obsidian";

import { OpenNotes } from "./editing/open-notes";
import { changedLinesExtension } from "./highlight/editor";
import { editorOf } from "./highlight/editor-view";
import { Highlights } from "./highlight/highlights";
import { originGutter } from "./highlight/origin-gutter";
import { OriginMarks } from "./highlight/origins";
import { entityTitles, showTitlesIn, titlesChanged, titlesInEditor } from "./highlight/titles";
import { Memory } from "./memory/memory";
import { type Marks, addCommands } from "./obsidian/commands";
import { daemonHelp, discover } from "./obsidian/daemon";
import { MemoryPane } from "./obsidian/memory-pane";
import { Panes, keptIn, originActions } from "./obsidian/panes";
import { ChatPane } from "./obsidian/view";
import { MEMORY_VIEW_TYPE, NAME, VIEW_TYPE } from "./obsidian/view-type";
import { Conversation } from "./session/conversation";
import { CommonplaceSettingTab, DEFAULTS, type Settings, type SettingsOwner, filtersOf, settingsFrom } from "./settings";

/** After a longer gap between two ticks the machine was asleep, and the connection is not to be trusted. */
const TICK = 5_000;
const SLEPT = 30_000;

export default class CommonplacePlugin extends Plugin implements SettingsOwner {
  override settings: Settings = DEFAULTS;
  private marks: Marks | null = null;
  private conversation: Conversation | null = null;

  override async onload(): Promise<void> {
    this.settings = settingsFrom(await this.loadData());
    const conversation = this.converse();
    const memory = new Memory(conversation.vault, (method, params) => conversation.request(method, params));
    const panes = new Panes(this.app.workspace);
    this.registerView(VIEW_TYPE, (leaf) => new ChatPane(leaf, conversation, daemonHelp(() => this.settings)));
    const actions = originActions(panes, conversation, memory);
    this.registerView(
      MEMORY_VIEW_TYPE,
      (leaf) => new MemoryPane(leaf, conversation, memory, actions, keptIn(this), daemonHelp(() => this.settings)),
    );
    this.registerHoverLinkSource(VIEW_TYPE, { display: NAME, defaultMod: true });
    this.registerEditorExtension([changedLinesExtension, originGutter(actions)]);
    this.showTitles(conversation);
    this.addRibbonIcon("message-square-quote", "Open the chat", () => void panes.chat());
    this.addSettingTab(new CommonplaceSettingTab(this.app, this));
    addCommands(this, conversation, panes, () => this.marks);
    this.app.workspace.onLayoutReady(() => {
      this.marks = {
        highlights: this.addChild(new Highlights(this.app, conversation, this.addStatusBarItem(), () => this.settings)),
        origins: this.addChild(new OriginMarks(this.app, conversation, memory, () => this.settings.markOrigins)),
      };
      this.addChild(new OpenNotes(this.app, conversation));
      conversation.start();
    });
  }

  async settingsChanged(): Promise<void> {
    await this.saveData(this.settings);
    this.conversation?.setFilters(filtersOf(this.settings));
    this.app.workspace.trigger("layout-change");
    this.drawTitlesAgain();
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
    this.conversation = conversation;
    conversation.setFilters(filtersOf(this.settings));
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

  private showTitles(conversation: Conversation): void {
    let memory: string | null = null;
    const titleOf = entityTitles(this.app, () => memory ?? "", () => this.settings.showTitles && memory !== null);
    this.registerEditorExtension(titlesInEditor(titleOf));
    this.registerMarkdownPostProcessor((element, { sourcePath }) => showTitlesIn(element, sourcePath, titleOf));
    this.register(
      conversation.onChange(() => {
        const known = conversation.state.overview?.memory ?? memory;
        if (known === memory) return;
        memory = known;
        this.drawTitlesAgain();
      }),
    );
    this.register(() => {
      memory = null;
      this.drawTitlesAgain();
    });
  }

  private drawTitlesAgain(): void {
    for (const { view } of this.app.workspace.getLeavesOfType("markdown")) {
      if (!(view instanceof MarkdownView)) continue;
      editorOf(view)?.dispatch({ effects: titlesChanged.of(null) });
      view.previewMode.rerender(true);
    }
  }
}
