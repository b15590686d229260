/** What a turn did, in a few plain words. Pure. */

import type { Change, Step, Touch, Turn } from "./model";

/** "Read user.md and 2 notes; changed entities/dria.md +1 −0". */
export function summary(turn: Turn): string {
  const changes = changesOf(turn);
  const changed = new Set(changes.map((change) => change.path));
  const read = touchesOf(turn).filter((touch) => touch.access === "read" && !changed.has(touch.path));
  const parts = [
    ...(read.length > 0 ? [`read ${listed(read.map((touch) => touch.path))}`] : []),
    ...changes.map((change) => `${verb(change)} ${change.path} ${counts(change)}`),
  ];
  if (parts.length > 0) return capital(parts.join("; "));
  const last = turn.steps.at(-1);
  if (last !== undefined) return last.title || "Worked";
  return turn.thought === "" ? "" : "Thought";
}

/** What each note was and became in the turn as a whole; a note that ended as it began is not among them. */
export function changesOf(turn: Turn): readonly Change[] {
  const net = new Map<string, Change>();
  for (const change of turn.steps.flatMap((step) => step.changes)) {
    const first = net.get(change.path);
    net.set(change.path, first === undefined ? change : { ...change, before: first.before });
  }
  return [...net.values()].filter((change) => change.before !== change.after);
}

/** The notes that the turn touched, in order; a note that was read and written counts as written. */
export function touchesOf(turn: Turn): readonly Touch[] {
  const found = new Map<string, Touch>();
  for (const touch of turn.steps.flatMap((step) => step.touches)) {
    if (touch.access === "write" || !found.has(touch.path)) found.set(touch.path, touch);
  }
  return [...found.values()];
}

/** By which step a note was reached, and through a link in which note, as far as the results tell. */
export function reached(turn: Turn, path: string): string {
  const at = turn.steps.findIndex((step) => step.touches.some((touch) => touch.path === path));
  if (at < 0) return "";
  const step = `step ${at + 1} of ${turn.steps.length}`;
  const from = turn.steps.slice(0, at).find((earlier) => earlier.touches.length === 1 && linksTo(earlier, path));
  return from === undefined ? step : `${step}, by a link in ${from.touches[0]?.path ?? ""}`;
}

export function verb(change: Change): string {
  if (change.before === null) return "created";
  return change.after === null ? "deleted" : "changed";
}

/** Lines added and taken away: "+1 −0". */
export function counts(change: Change): string {
  const [before, after] = [lines(change.before), lines(change.after)];
  const gone = leftOver(before, after);
  const come = leftOver(after, before);
  return `+${come} −${gone}`;
}

export function nameOf(path: string): string {
  return path.replace(/\.md$/, "").split("/").at(-1) ?? path;
}

function linksTo(step: Step, path: string): boolean {
  const bare = path.replace(/\.md$/, "");
  return [...(step.result ?? "").matchAll(/\[\[([^\]|#\n]+)/g)].some(([, target = ""]) => {
    const linked = target.trim().replace(/\.md$/, "");
    return linked === bare || bare.endsWith(`/${linked}`);
  });
}

function lines(text: string | null): string[] {
  return text === null || text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** How many of the lines have no partner among the others. */
function leftOver(some: readonly string[], others: readonly string[]): number {
  const partners = new Map<string, number>();
  for (const line of others) partners.set(line, (partners.get(line) ?? 0) + 1);
  let alone = 0;
  for (const line of some) {
    const left = partners.get(line) ?? 0;
    if (left === 0) alone += 1;
    else partners.set(line, left - 1);
  }
  return alone;
}

function listed(paths: readonly string[]): string {
  const [first = "", ...rest] = paths;
  if (rest.length === 0) return first;
  return rest.length === 1 ? `${first} and ${rest[0] ?? ""}` : `${first} and ${rest.length} notes`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
