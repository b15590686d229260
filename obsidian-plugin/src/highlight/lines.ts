/** Which lines of a note are the agent's change, in the note as it stands now. Pure. */

import { diffLines } from "diff";

import type { Change } from "../session/model";

/** Line numbers, counted from 1, of the changed lines that still stand in the text. */
export function changedLines(change: Change, now: string): readonly number[] {
  if (change.after === null) return [];
  const written = numbersOf(change.before ?? "", change.after);
  if (now === change.after) return written;
  return carried(written, change.after, now);
}

/** The lines of `after` that are not in `before`. */
function numbersOf(before: string, after: string): number[] {
  const numbers: number[] = [];
  let line = 1;
  for (const part of diffLines(before, after)) {
    if (part.removed) continue;
    const count = part.value.replace(/\n$/, "").split("\n").length;
    if (part.added) for (let at = 0; at < count; at += 1) numbers.push(line + at);
    line += count;
  }
  return numbers;
}

/** Where those lines stand in a text that was edited since; lines that were edited are the human's now. */
function carried(numbers: readonly number[], after: string, now: string): number[] {
  const places = new Map<number, number>();
  let [old, fresh] = [1, 1];
  for (const part of diffLines(after, now)) {
    const count = part.value.replace(/\n$/, "").split("\n").length;
    if (part.added) fresh += count;
    else if (part.removed) old += count;
    else {
      for (let at = 0; at < count; at += 1) places.set(old + at, fresh + at);
      old += count;
      fresh += count;
    }
  }
  return numbers.flatMap((number) => places.get(number) ?? []);
}
