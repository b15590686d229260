/** Taking back what a turn wrote, as the daemon's journal has it. */

import type { Undone, UndoneTurn, WrittenTurn } from "../protocol/wire";
import type { Session, Turn } from "./model";
import type { DaemonRequest } from "./request";
import { changesOf } from "./words";

/** Paths of the notes that were taken back, and those that had to be left as they are. */
export interface Undoing {
  readonly paths: readonly string[];
  readonly left: readonly Undone[];
}

/** @param path one note of those that the turn wrote; null for all of them. */
export async function undo(request: DaemonRequest, vault: string, turn: string, path: string | null): Promise<Undoing> {
  const params = { vault, turns: [turn], ...(path === null ? {} : { paths: [path] }) };
  const { turns } = await request<{ turns: readonly UndoneTurn[] }>("_commonplace/undo", params);
  const notes = turns.flatMap((one) => one.notes);
  const left = notes.filter((note) => note.outcome in LEFT);
  return { paths: notes.filter((note) => !left.includes(note)).map((note) => note.path), left };
}

/** The newest turn that changed notes which are not taken back; null where there is none. */
export function lastToUndo(session: Session): Turn | null {
  return session.turns.findLast((turn) => turn.id !== null && changesOf(turn).some(({ path }) => !turn.undone.includes(path))) ?? null;
}

/** What was taken back since, which the log of a session does not tell. */
export async function undoneIn(request: DaemonRequest, vault: string): Promise<readonly { readonly turn: string; readonly paths: readonly string[] }[]> {
  const { turns } = await request<{ turns: readonly WrittenTurn[] }>("_commonplace/history", { vault, last: 100 });
  return turns.flatMap(({ turn, notes }) => {
    const paths = notes.filter((note) => note.undone).map((note) => note.path);
    return paths.length === 0 ? [] : [{ turn, paths }];
  });
}

const LEFT: Readonly<Partial<Record<Undone["outcome"], string>>> = {
  conflict: "the same lines were changed since",
  failed: "it could not be reached",
  gone: "the text from before is no longer kept",
};

/** Why a note was left as it is. */
export function leftWords({ path, outcome, reason }: Undone): string {
  return `${path} is left as it is: ${reason ?? LEFT[outcome] ?? outcome}.`;
}
