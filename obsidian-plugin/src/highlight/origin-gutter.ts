/** In the editor: a mark beside each line that a turn wrote, and the card of its origin. */

import { type EditorState, type Extension, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, type Tooltip, gutter, hoverTooltip, keymap, showTooltip } from "@codemirror/view";

import { add } from "../chat/dom";
import { type OriginActions, showOriginCard } from "../memory/origin-card";
import { type Origin, placed, sentence } from "../memory/origin";

const setOrigins = StateEffect.define<readonly Origin[]>();
/** Shows the card of the line at a position; null takes it away. */
const setCard = StateEffect.define<number | null>();

class OriginMark extends GutterMarker {
  constructor(readonly origin: Origin) {
    super();
  }

  override eq(other: OriginMark): boolean {
    return other.origin.turn === this.origin.turn && other.origin.text === this.origin.text;
  }

  override toDOM(view: EditorView): Node {
    const mark = add(view.dom, "span", { cls: "commonplace-origin-mark", attributes: { title: sentence(this.origin) } });
    mark.remove();
    return mark;
  }
}

const marks = StateField.define<RangeSet<OriginMark>>({
  create: () => RangeSet.empty,
  update(known, transaction) {
    let kept = known.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setOrigins)) kept = marksOf(effect.value, transaction.state);
    }
    return kept;
  },
});

/** Shows these origins in an editor that has the extension. */
export function showOrigins(view: EditorView, origins: readonly Origin[]): void {
  const known = view.state.field(marks, false);
  if (known === undefined || (origins.length === 0 && known.size === 0)) return;
  view.dispatch({ effects: setOrigins.of(origins) });
}

/** Opens the card of the line that the cursor is in, and puts the focus into it; false where no turn wrote the line. */
export function openCard(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  if (originAt(view.state, head) === null) return false;
  view.dispatch({ effects: setCard.of(head), selection: view.state.selection });
  // The tooltip is drawn in the next measure.
  view.requestMeasure({
    read: () => undefined,
    write: () => view.dom.querySelector<HTMLElement>(".commonplace-why button")?.focus(),
  });
  return true;
}

export function originGutter(actions: OriginActions): Extension {
  const card = cardField(actions);
  return [
    marks,
    card,
    gutter({
      class: "commonplace-origins",
      markers: (view) => view.state.field(marks),
      domEventHandlers: {
        click: (view, line) => {
          if (originAt(view.state, line.from) === null) return false;
          view.dispatch({ effects: setCard.of(line.from) });
          view.focus();
          return true;
        },
      },
    }),
    hoverTooltip(
      (view, position) => (view.state.field(card) === null ? tooltip(view.state, position, actions) : null),
      { hoverTime: 600, hideOnChange: true },
    ),
    keymap.of([{ key: "Escape", run: (view) => closeCard(view, card) }]),
  ];
}

function cardField(actions: OriginActions): StateField<Tooltip | null> {
  return StateField.define<Tooltip | null>({
    create: () => null,
    update(shown, transaction) {
      for (const effect of transaction.effects) {
        if (effect.is(setCard)) return effect.value === null ? null : tooltip(transaction.state, effect.value, actions);
      }
      return transaction.docChanged || transaction.selection !== undefined ? null : shown;
    },
    provide: (field) => showTooltip.from(field),
  });
}

function closeCard(view: EditorView, card: StateField<Tooltip | null>): boolean {
  if (view.state.field(card) === null) return false;
  view.dispatch({ effects: setCard.of(null) });
  return true;
}

function tooltip(state: EditorState, position: number, actions: OriginActions): Tooltip | null {
  const origin = originAt(state, position);
  if (origin === null) return null;
  return {
    pos: state.doc.lineAt(position).from,
    above: true,
    create: (view) => {
      const place = add(view.dom, "div", { cls: "commonplace-why-tooltip" });
      const done = (): void => {
        view.dispatch({ effects: setCard.of(null), selection: view.state.selection });
        view.focus();
      };
      showOriginCard(place, origin, actions, done);
      place.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        done();
      });
      return { dom: place };
    },
  };
}

function originAt(state: EditorState, position: number): Origin | null {
  const line = state.doc.lineAt(position);
  let found: Origin | null = null;
  state.field(marks, false)?.between(line.from, line.to, (_from, _to, mark) => {
    found = { ...mark.origin, line: line.number };
    return false;
  });
  return found;
}

function marksOf(origins: readonly Origin[], { doc }: EditorState): RangeSet<OriginMark> {
  const lines = [...placed(origins, doc.toString().split("\n"))].sort(([one], [other]) => one - other);
  return RangeSet.of(lines.map(([line, origin]) => new OriginMark(origin).range(doc.line(line).from)));
}
