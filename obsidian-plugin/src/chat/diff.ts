/** What changed in a note, word by word, with a little of what stands around it. */

import { diffLines, diffWordsWithSpace } from "diff";

import type { Change } from "../session/model";
import { add } from "./dom";

type Kind = "same" | "added" | "removed";

export interface Piece {
  readonly kind: Kind;
  readonly text: string;
}

/** A line of the diff; null stands for lines that were left out. */
export type DiffLine = { readonly kind: Kind; readonly pieces: readonly Piece[] } | null;

const CONTEXT = 2;
/** Beyond this, lines are told apart and words are not. */
const LONGEST_FOR_WORDS = 5_000;
const MOST_EDITS = 2_000;

/** The lines that changed and those around them. Pure. */
export function diffOf(before: string, after: string): readonly DiffLine[] {
  const parts = diffLines(before, after, { maxEditLength: MOST_EDITS }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  const lines: Exclude<DiffLine, null>[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [part, following] = [parts[at], parts[at + 1]];
    if (part === undefined) continue;
    if (part.removed && following?.added === true) {
      lines.push(...replaced(part.value, following.value));
      at += 1;
    } else lines.push(...whole(part.value, part.added ? "added" : part.removed ? "removed" : "same"));
  }
  return shortened(lines);
}

export function showDiff(parent: HTMLElement, change: Change): HTMLElement {
  const frame = add(parent, "div", {
    cls: "commonplace-diff",
    attributes: { role: "group", "aria-label": `Changes in ${change.path}`, tabindex: "0" },
  });
  for (const line of diffOf(change.before ?? "", change.after ?? "")) showLine(frame, line);
  return frame;
}

const SIGNS: Readonly<Record<Kind, string>> = { same: " ", added: "+", removed: "−" };
const SPOKEN: Readonly<Record<Kind, string>> = { same: "", added: "Added: ", removed: "Removed: " };

export function showLine(frame: HTMLElement, line: DiffLine): void {
  if (line === null) {
    add(frame, "div", { cls: "commonplace-diff-gap", text: "⋯", attributes: { "aria-hidden": "true" } });
    return;
  }
  const row = add(frame, "div", { cls: `commonplace-diff-line is-${line.kind}` });
  add(row, "span", { cls: "commonplace-diff-sign", text: SIGNS[line.kind], attributes: { "aria-hidden": "true" } });
  if (line.kind !== "same") add(row, "span", { cls: "commonplace-spoken", text: SPOKEN[line.kind] });
  const text = add(row, "span", { cls: "commonplace-diff-text" });
  for (const piece of line.pieces) {
    if (piece.kind === "same") text.append(piece.text);
    else add(text, piece.kind === "added" ? "ins" : "del", { text: piece.text });
  }
}

/** A run of lines that took the place of another: their words are compared. */
function replaced(before: string, after: string): Exclude<DiffLine, null>[] {
  if (before.length + after.length > LONGEST_FOR_WORDS) return [...whole(before, "removed"), ...whole(after, "added")];
  const words: Piece[] = diffWordsWithSpace(before, after).map((part) => ({
    kind: part.added ? "added" : part.removed ? "removed" : "same",
    text: part.value,
  }));
  return [
    ...inLines(words.filter((piece) => piece.kind !== "added"), "removed"),
    ...inLines(words.filter((piece) => piece.kind !== "removed"), "added"),
  ];
}

function inLines(pieces: readonly Piece[], kind: Kind): Exclude<DiffLine, null>[] {
  const lines: Piece[][] = [[]];
  for (const piece of pieces) {
    piece.text.split("\n").forEach((text, index) => {
      if (index > 0) lines.push([]);
      if (text !== "") lines.at(-1)?.push({ kind: piece.kind, text });
    });
  }
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines.map((line) => ({ kind, pieces: line }));
}

function whole(text: string, kind: Kind): Exclude<DiffLine, null>[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => ({ kind, pieces: [{ kind: "same", text: line }] }));
}

function shortened(lines: readonly Exclude<DiffLine, null>[]): readonly DiffLine[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some((line) => line.kind !== "same"),
  );
  const kept: DiffLine[] = [];
  lines.forEach((line, at) => {
    if (near[at] === true) kept.push(line);
    else if (kept.at(-1) !== null) kept.push(null);
  });
  return kept;
}
