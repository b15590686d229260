/**
 * Links to entities, shown by the note's title in both views. The note keeps its bytes: the editor draws over the
 * link while the cursor is elsewhere, and reading view gets another text.
 */

import { syntaxTree } from "@codemirror/language";
import { type Extension, type Range, StateEffect } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate, WidgetType } from "@codemirror/view";
import { type App, editorInfoField, editorLivePreviewField } from "obsidian";

import { add } from "../chat/dom";

/** The title of the entity that a link leads to; null where it leads elsewhere or is to be shown as it is. */
export type TitleOf = (link: string, source: string) => string | null;

/** Has the editors look at their links anew. */
export const titlesChanged = StateEffect.define<null>();

const LINK = /\[\[([^\][|#\n]+)\]\]/g;

export function entityTitles(app: App, memory: () => string, wanted: () => boolean): TitleOf {
  return (link, source) => {
    if (!wanted()) return null;
    const file = app.metadataCache.getFirstLinkpathDest(link.trim(), source);
    if (file === null || !isEntity(file.path, memory())) return null;
    return app.metadataCache.getFileCache(file)?.headings?.find((heading) => heading.level === 1)?.heading ?? null;
  };
}

export function isEntity(path: string, memory: string): boolean {
  return path.startsWith(memory === "" ? "entities/" : `${memory}/entities/`);
}

/** For reading view, and for replies in the chat. A link with a text of its own keeps it. */
export function showTitlesIn(element: HTMLElement, source: string, titleOf: TitleOf): void {
  for (const link of element.querySelectorAll("a.internal-link")) {
    const target = link.getAttribute("data-href") ?? "";
    if (link.textContent !== target) continue;
    const title = titleOf(target, source);
    if (title !== null) link.textContent = title;
  }
}

export function titlesInEditor(titleOf: TitleOf): Extension {
  return ViewPlugin.define((view) => new Titles(view, titleOf), { decorations: (titles) => titles.decorations });
}

class Titles {
  decorations: DecorationSet;

  constructor(
    view: EditorView,
    private readonly titleOf: TitleOf,
  ) {
    this.decorations = this.draw(view);
  }

  update(update: ViewUpdate): void {
    const asked = update.transactions.some((one) => one.effects.some((effect) => effect.is(titlesChanged)));
    if (asked || update.docChanged || update.selectionSet || update.viewportChanged || livePreview(update) !== livePreview({ state: update.startState })) {
      this.decorations = this.draw(update.view);
    }
  }

  private draw(view: EditorView): DecorationSet {
    if (!livePreview(view)) return Decoration.none;
    const source = view.state.field(editorInfoField, false)?.file?.path ?? "";
    const found: Range<Decoration>[] = [];
    for (const { from, to } of view.visibleRanges) {
      for (const match of view.state.sliceDoc(from, to).matchAll(LINK)) {
        const [start, end] = [from + match.index, from + match.index + match[0].length];
        if (isBeingEdited(view, start, end) || isCode(view, start + 2)) continue;
        const title = this.titleOf(match[1] ?? "", source);
        if (title !== null) found.push(Decoration.replace({ widget: new Title(title) }).range(start + 2, end - 2));
      }
    }
    return Decoration.set(found);
  }
}

class Title extends WidgetType {
  constructor(private readonly title: string) {
    super();
  }

  override eq(other: Title): boolean {
    return other.title === this.title;
  }

  override toDOM(view: EditorView): HTMLElement {
    const shown = add(view.dom, "span", { cls: "commonplace-link-title", text: this.title });
    shown.remove();
    return shown;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

function livePreview({ state }: { readonly state: EditorView["state"] }): boolean {
  return state.field(editorLivePreviewField, false) ?? false;
}

function isBeingEdited(view: EditorView, start: number, end: number): boolean {
  return view.state.selection.ranges.some((range) => range.from <= end && range.to >= start);
}

function isCode(view: EditorView, position: number): boolean {
  return /code/i.test(syntaxTree(view.state).resolveInner(position, 1).name);
}
