/** Which notes the agent touched, and how: a pure account over the updates of every client's turns. */

import { metaOf, type Update } from "../protocol/messages";
import { changesOf, inVault } from "../session/reduce";
import type { Change } from "../session/model";

export type Mark = "read" | "written" | "active";

export interface Marks {
  /** The turn that the marks are of; the next one begins anew. */
  readonly turn: string | null;
  readonly notes: ReadonlyMap<string, Mark>;
  /** What changed in each note since its marks were dismissed. */
  readonly changes: ReadonlyMap<string, Change>;
}

export const NO_MARKS: Marks = { turn: null, notes: new Map(), changes: new Map() };

export function marked(marks: Marks, notification: Update, root: string): Marks {
  const meta = metaOf(notification);
  if (meta.turn === undefined) return marks;
  const begun = meta.turn === marks.turn ? marks : { ...marks, turn: meta.turn, notes: new Map<string, Mark>() };
  if (meta.ended !== undefined) return { ...begun, notes: settled(begun) };
  const { update } = notification;
  if (update.sessionUpdate !== "tool_call_update") return begun;
  const done = update.status === "completed" || update.status === "failed";
  const notes = done ? settled(begun) : begun.notes;
  const touched = meta.path !== undefined && meta.access !== undefined ? new Map(notes).set(meta.path, touchMark(meta.access, notes.get(meta.path))) : notes;
  return { ...begun, notes: touched, changes: withChanges(begun.changes, update.content ?? [], meta.path, root) };
}

/** Marks of notes whose changes were undone or looked at go away. */
export function dismissed(marks: Marks, path: string | null): Marks {
  if (path === null) return NO_MARKS;
  const notes = new Map(marks.notes);
  const changes = new Map(marks.changes);
  notes.delete(path);
  changes.delete(path);
  return { ...marks, notes, changes };
}

/** The marks and those of the folders above, for folders that are collapsed. */
export function rolledUp(notes: ReadonlyMap<string, Mark>): ReadonlyMap<string, Mark> {
  const rolled = new Map(notes);
  for (const [path, mark] of notes) {
    const parts = path.split("/").slice(0, -1);
    for (let length = parts.length; length > 0; length -= 1) {
      const folder = parts.slice(0, length).join("/");
      rolled.set(folder, stronger(rolled.get(folder), mark));
    }
  }
  return rolled;
}

const STRENGTH: Readonly<Record<Mark, number>> = { read: 0, written: 1, active: 2 };

function stronger(one: Mark | undefined, other: Mark): Mark {
  return one !== undefined && STRENGTH[one] >= STRENGTH[other] ? one : other;
}

function touchMark(access: "read" | "write", before: Mark | undefined): Mark {
  if (access === "write") return "active";
  return before ?? "read";
}

/** What was being worked on is written now. */
function settled(marks: Marks): ReadonlyMap<string, Mark> {
  return new Map([...marks.notes].map(([path, mark]) => [path, mark === "active" ? "written" : mark]));
}

function withChanges(
  known: ReadonlyMap<string, Change>,
  content: Parameters<typeof changesOf>[0],
  path: string | undefined,
  root: string,
): ReadonlyMap<string, Change> {
  if (content.length === 0) return known;
  const changes = new Map(known);
  for (const change of changesOf(content, root)) {
    const name = path !== undefined && change.path.endsWith(`/${path}`) ? path : inVault(change.path, root);
    changes.set(name, { ...change, path: name, before: known.get(name)?.before ?? change.before });
  }
  return changes;
}
