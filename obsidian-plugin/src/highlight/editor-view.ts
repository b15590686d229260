/** The CodeMirror view behind an editor of Obsidian. */

import type { EditorView } from "@codemirror/view";
import type { MarkdownView } from "obsidian";

/** Obsidian documents `editor.cm` as its way in, without a type. */
export function editorOf({ editor }: MarkdownView): EditorView | null {
  const inner: unknown = "cm" in editor ? editor.cm : null;
  return isEditorView(inner) ? inner : null;
}

function isEditorView(value: unknown): value is EditorView {
  return typeof value === "object" && value !== null && "state" in value && "dispatch" in value;
}
