/** The plugin's panes in the workspace, and what leads from a line of a note to them. */

import { Notice, type Workspace } from "obsidian";

import type { Memory } from "../memory/memory";
import type { OriginActions } from "../memory/origin-card";
import type { Kept } from "../memory/memory-view";
import type { Conversation } from "../session/conversation";
import type { SettingsOwner } from "../settings";
import { ChatPane } from "./view";
import { MEMORY_VIEW_TYPE, VIEW_TYPE } from "./view-type";

/** So many facts are known to be kept; an older one is shown as new again. */
const MOST_KEPT = 5_000;

export class Panes {
  constructor(private readonly workspace: Workspace) {}

  /** Shows the chat, with the cursor in its message. */
  async chat(): Promise<ChatPane | null> {
    const leaf = await this.workspace.ensureSideLeaf(VIEW_TYPE, "right", { active: true, reveal: true });
    await this.workspace.revealLeaf(leaf);
    if (!(leaf.view instanceof ChatPane)) return null;
    leaf.view.focusInput();
    return leaf.view;
  }

  /** Shows what the memory knows. */
  async memory(): Promise<void> {
    const leaf = await this.workspace.ensureSideLeaf(MEMORY_VIEW_TYPE, "right", { active: true, reveal: true });
    await this.workspace.revealLeaf(leaf);
  }
}

/** The facts that were kept, in the plugin's data. */
export function keptIn(owner: SettingsOwner): Kept {
  return {
    has: (name) => owner.settings.kept.includes(name),
    keep: (name) => {
      owner.settings = { ...owner.settings, kept: [...owner.settings.kept.slice(1 - MOST_KEPT), name] };
      void owner.saveData(owner.settings);
    },
  };
}

export function originActions(panes: Panes, conversation: Conversation, memory: Memory): OriginActions {
  return {
    openChat: (origin) => {
      void panes.chat().then(async (pane) => {
        const shown = await pane?.reveal(origin.session, origin.turn);
        if (shown === false) new Notice("That conversation is no longer kept.");
      });
    },
    undo: async (origin) => {
      await conversation.undo(origin.turn);
      new Notice("That turn is undone.");
    },
    planToForget: (origin) => memory.planToForget(origin.path, origin.line),
    forget: async (origin, plan) => {
      await memory.forget(origin.path, origin.line, plan);
      new Notice("It is forgotten. To bring it back, type: commonplace undo");
    },
  };
}
