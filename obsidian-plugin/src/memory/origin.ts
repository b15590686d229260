/** Why a line stands in a note, as `_commonplace/why` tells it, and in words. Pure. */

import type { Why } from "../protocol/wire";

export type Origin = Why;

const LONGEST = 240;

/** "You said on 12 Nov: “My job title is AI Researcher”". */
export function sentence(origin: Origin, now = new Date()): string {
  const on = origin.time === null ? "" : ` on ${day(origin.time, now)}`;
  switch (origin.writer) {
    case "human":
      return "No turn wrote this line; you did, or another program.";
    case "unknown":
      return `This line stood here before what is remembered began${origin.time === null ? "" : `,${on}`}.`;
    case "turn":
      return origin.asked === "" ? `A turn wrote this${on}; what you said then is no longer kept.` : `You said${on}: “${cut(origin.asked)}”`;
  }
}

/** What has happened to the line since; "" where it stands as it was written. */
export function since({ edited, written }: Origin): string {
  return edited ? `You edited this line since. It was: ${cut(written.trim().replace(/^[-*+] /, ""))}` : "";
}

function day(seconds: number, now: Date): string {
  const date = new Date(seconds * 1000);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...year });
}

function cut(text: string): string {
  const flat = text.split(/\s+/).join(" ");
  return flat.length > LONGEST ? `${flat.slice(0, LONGEST)} …` : flat;
}

/**
 * The lines, from 1, of a text on which the origins stand: where the daemon saw them, or, while the editor is ahead
 * of the disk, at the nearest line of the same text.
 */
export function placed(origins: readonly Origin[], lines: readonly string[]): ReadonlyMap<number, Origin> {
  const found = new Map<number, Origin>();
  for (const origin of origins) {
    if (origin.writer !== "turn") continue;
    const line = nearest(origin, lines);
    if (line !== null && !found.has(line)) found.set(line, origin);
  }
  return found;
}

function nearest({ line, text }: Origin, lines: readonly string[]): number | null {
  if (lines[line - 1] === text) return line;
  let best: number | null = null;
  lines.forEach((one, index) => {
    if (one === text && (best === null || Math.abs(index + 1 - line) < Math.abs(best - line))) best = index + 1;
  });
  return best;
}
