/** Which notes the agent touched, and how: a pure account over the updates of every client's turns. */

import { type Update, metaOf } from "../protocol/messages";
import type { TouchedNote, UndoneNote } from "../protocol/wire";
import { changesOf, inVault } from "../session/reduce";
import type { Change } from "../session/model";

export type Mark = "read" | "written" | "active";

export interface NoteMark {
  readonly mark: Mark;
  readonly turn: string;
}

export interface Marks {
  readonly notes: ReadonlyMap<string, NoteMark>;
  /** The turns that are followed here and have not ended. */
  readonly running: ReadonlySet<string>;
  /** What changed in each note since its marks were dismissed. */
  readonly changes: ReadonlyMap<string, Change>;
}

export const NO_MARKS: Marks = { notes: new Map(), running: new Set(), changes: new Map() };

/** After an update of a session that is followed here. */
export function updated(marks: Marks, notification: Update, root: string): Marks {
  const meta = metaOf(notification);
  if (meta.turn === undefined) return marks;
  if (meta.ended !== undefined) {
    const running = new Set(marks.running);
    running.delete(meta.turn);
    return { ...marks, running, notes: settled(marks.notes, meta.turn) };
  }
  const begun = { ...marks, running: new Set(marks.running).add(meta.turn) };
  const { update } = notification;
  if (update.sessionUpdate !== "tool_call_update") return begun;
  const done = update.status === "completed" || update.status === "failed";
  const known = done ? { ...begun, notes: settled(begun.notes, meta.turn) } : begun;
  const { path, access, turn } = meta;
  const marked = path !== undefined && access !== undefined ? touched(known, { path, access, turn }) : known;
  return { ...marked, changes: withChanges(marked.changes, update.content ?? [], path, root) };
}

/** After word of a note, from whoever's turn; the first of a turn takes the marks of those that have ended away. */
export function touched(marks: Marks, { path, access, turn }: Pick<TouchedNote, "path" | "access" | "turn">): Marks {
  const followed = marks.running.has(turn);
  const isNew = ![...marks.notes.values()].some((note) => note.turn === turn);
  const kept = isNew ? [...marks.notes].filter(([, note]) => marks.running.has(note.turn)) : [...marks.notes];
  const notes = new Map(kept);
  const before = notes.get(path);
  const written: Mark = followed ? "active" : "written";
  const mark = access === "write" ? written : before?.turn === turn ? before.mark : "read";
  return { ...marks, notes: notes.set(path, { mark, turn }) };
}

/** Marks that were looked at go away: a note's, or all of them. */
export function dismissed(marks: Marks, path: string | null): Marks {
  if (path === null) return { ...NO_MARKS, running: marks.running };
  const notes = new Map(marks.notes);
  const changes = new Map(marks.changes);
  notes.delete(path);
  changes.delete(path);
  return { ...marks, notes, changes };
}

/** After a turn was taken back in a note: its marks go, those of another turn stay. */
export function undone(marks: Marks, { path, turn }: Pick<UndoneNote, "path" | "turn">): Marks {
  const marking = marks.notes.get(path)?.turn ?? turn;
  return marking === turn ? dismissed(marks, path) : marks;
}

/** The marks and those of the folders above, for folders that are collapsed. */
export function rolledUp(notes: ReadonlyMap<string, NoteMark>): ReadonlyMap<string, Mark> {
  const rolled = new Map<string, Mark>();
  for (const [path, { mark }] of notes) {
    rolled.set(path, mark);
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

/** What was being worked on is written now. */
function settled(notes: ReadonlyMap<string, NoteMark>, turn: string): ReadonlyMap<string, NoteMark> {
  return new Map(
    [...notes].map(([path, note]) => [path, note.turn === turn && note.mark === "active" ? { ...note, mark: "written" } : note]),
  );
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
