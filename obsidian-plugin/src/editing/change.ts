/** An edit of an open note, as `_commonplace/edit` asks for it. */

import type { Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

export interface EditAsked {
  readonly path: string;
  /** SHA-256, hex, of the text in UTF-8 that the changes are made for. */
  readonly base_hash: string;
  /** Places count UTF-16 code units of the text before any change. */
  readonly changes: readonly { readonly from: number; readonly to: number; readonly insert: string }[];
}

/**
 * Applies an edit to every editor that shows the text that it was made for; false where none does.
 *
 * Cursor, selection and undo history are CodeMirror's to keep: the edit is one transaction. An app that brings other
 * panes of the note up to date by itself does so in the first transaction; they no longer show the old text then.
 */
export async function applyEdit(editors: readonly EditorView[], asked: EditAsked): Promise<boolean> {
  const [first] = editors;
  if (first === undefined) return false;
  let base: Text;
  do {
    base = first.state.doc;
    if ((await hashOf(base.toString())) !== asked.base_hash) return false;
    // What was typed while the hash was made is not in it.
  } while (first.state.doc !== base);
  if (!fits(asked, base.length)) return false;
  for (const editor of editors) {
    if (editor.state.doc.eq(base)) editor.dispatch({ changes: asked.changes, userEvent: "input.agent" });
  }
  return true;
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fits({ changes }: EditAsked, length: number): boolean {
  return changes.every(({ from, to }) => 0 <= from && from <= to && to <= length);
}
