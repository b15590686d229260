/** Marks in the editor: the changed lines of a note, kept in place while one types, until they are dismissed. */

import { RangeSetBuilder, StateEffect, StateField, type EditorState, type Extension, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

const setLines = StateEffect.define<readonly number[]>();

const line = Decoration.line({
  class: "commonplace-changed-line",
  attributes: { "aria-description": "Changed by the agent" },
});

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let kept = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setLines)) kept = decorations(effect.value, transaction.newDoc);
    }
    return kept;
  },
  provide: (marks) => EditorView.decorations.from(marks),
});

export const changedLinesExtension: Extension = field;

export function showLines(view: EditorView, numbers: readonly number[]): void {
  if (view.state.field(field, false) === undefined) return;
  if (numbers.length === 0 && view.state.field(field).size === 0) return;
  view.dispatch({ effects: setLines.of(numbers) });
}

/** The position of the next marked line after the cursor, from the top again after the last; null without marks. */
export function nextMark(state: EditorState): number | null {
  const starts: number[] = [];
  const marks = state.field(field, false);
  marks?.between(0, state.doc.length, (from) => void starts.push(from));
  const cursor = state.doc.lineAt(state.selection.main.head).from;
  return starts.find((start) => start > cursor) ?? starts[0] ?? null;
}

function decorations(numbers: readonly number[], document: Text): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const sorted = [...new Set(numbers)].sort((one, other) => one - other);
  for (const number of sorted) {
    if (number < 1 || number > document.lines) continue;
    const { from } = document.line(number);
    builder.add(from, from, line);
  }
  return builder.finish();
}
