/** The commands of the palette. */

import { type Editor, Notice, type Plugin } from "obsidian";

import type { Highlights } from "../highlight/highlights";
import type { OriginMarks } from "../highlight/origins";
import type { Conversation } from "../session/conversation";
import type { Panes } from "./panes";

export interface Marks {
  readonly highlights: Highlights;
  readonly origins: OriginMarks;
}

/** @param marks null until the workspace is there. */
export function addCommands(plugin: Plugin, conversation: Conversation, panes: Panes, marks: () => Marks | null): void {
  const ask = async (editor: Editor, before: string): Promise<void> => {
    const selection = editor.getSelection().trim();
    if (selection === "") new Notice("Select some text first.");
    else (await panes.chat())?.put(before === "" ? `${selection}\n\n` : `${before}${selection}`);
  };
  plugin.addCommand({ id: "open-chat", name: "Open the chat", callback: () => void panes.chat() });
  plugin.addCommand({
    id: "new-session",
    name: "Begin a new session",
    callback: () => void panes.chat().then((pane) => pane?.begin()),
  });
  plugin.addCommand({
    id: "ask-about-selection",
    name: "Ask about the selection",
    editorCallback: (editor) => void ask(editor, ""),
  });
  plugin.addCommand({
    id: "remember-selection",
    name: "Remember the selection",
    editorCallback: (editor) => void ask(editor, "Remember this: "),
  });
  plugin.addCommand({ id: "open-memory", name: "Show what it remembers", callback: () => void panes.memory() });
  plugin.addCommand({ id: "stop", name: "Stop the answer", callback: () => conversation.cancel() });
  plugin.addCommand({ id: "undo-last-turn", name: "Undo the last turn", callback: () => void undoLast(conversation) });
  plugin.addCommand({
    id: "why-this-line",
    name: "Why is this line here",
    editorCallback: () => void marks()?.origins.tellCurrent(),
  });
  plugin.addCommand({
    id: "next-change",
    name: "Go to the next changed line",
    callback: () => {
      if (marks()?.highlights.goToNext() !== true) new Notice("No line is marked in this note.");
    },
  });
  plugin.addCommand({ id: "dismiss-marks", name: "Dismiss all marks", callback: () => marks()?.highlights.dismiss(null) });
}

async function undoLast(conversation: Conversation): Promise<void> {
  try {
    const undone = await conversation.undoLast();
    new Notice(undone ? "The last turn is undone." : "No turn of this session changed a note.");
  } catch (error) {
    new Notice(error instanceof Error ? error.message : "It could not be undone.");
  }
}
