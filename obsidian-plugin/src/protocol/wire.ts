/** What is ours on the wire. Made of daemon/commonplace/server/wire.py by
 * `pytest tests/server/test_wire.py --write-golden`; a change belongs there. */

/** The end of a turn. */
export interface Ended {
  readonly reason: string;
  readonly reply: string;
  readonly error: string | null;
  readonly advice: string | null;
}

/** A question to the user: put, or answered. */
export interface PermissionState {
  readonly question: string;
  readonly path: string;
  /** Null while it is open. */
  readonly outcome: string | null;
}

/** `_meta.commonplace` of a `session/update`. */
export interface UpdateMeta {
  /** Its number in the session, from 1. */
  readonly seq?: number;
  /** Where several deltas are joined, the number of the first of them. */
  readonly first?: number;
  readonly turn?: string;
  /** Of a prompt, the client's own name for it. */
  readonly prompt_id?: string | null;
  readonly code_delta?: string;
  /** The note that was touched, relative to the vault. */
  readonly path?: string;
  readonly access?: "read" | "write";
  /** The change is a deletion. */
  readonly deleted?: boolean;
  /** A sentence for the user, not a thought. */
  readonly notice?: boolean;
  readonly milliseconds?: number;
  readonly permission?: PermissionState;
  /** What the step cost, in tokens and milliseconds, as far as it is known. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly ended?: Ended;
}

/** `_meta.commonplace` of a `session/request_permission`. */
export interface QuestionMeta {
  readonly question: string;
  readonly path: string;
  readonly deleted: boolean;
}

/** `_meta.commonplace` of the answer to `initialize`. */
export interface WelcomeMeta {
  readonly model: string;
  /** The machine that the model runs on where it is not this one. */
  readonly model_host: string | null;
}

/** `_commonplace/touched`: a note was read or written by a turn on the vault, whoever began it. */
export interface TouchedNote {
  /** The path of the vault's folder. */
  readonly vault: string;
  readonly path: string;
  readonly access: "read" | "write";
  readonly session: string;
  readonly turn: string;
  readonly seq: number;
}

/** `_commonplace/undone`: what a turn wrote in a note was taken back, whoever did it. */
export interface UndoneNote {
  readonly vault: string;
  readonly path: string;
  readonly turn: string;
}

/** `_commonplace/overview`. */
export interface OverviewAnswer {
  readonly entities: number;
  readonly notes: number;
  /** Its folder in the vault; "" is the root. */
  readonly memory: string;
  /** Three at most that the memory can answer. */
  readonly questions: readonly string[];
}

/** `_commonplace/notes`. */
export interface NotesAnswer {
  readonly notes: readonly string[];
  /** Whether these are all. */
  readonly all: boolean;
}

/** A vault of the config. */
export interface RegisteredVault {
  readonly name: string;
  readonly path: string;
  readonly memory: string;
  readonly there: boolean;
}

/** `_commonplace/vaults`. */
export interface VaultsAnswer {
  readonly vaults: readonly RegisteredVault[];
  /** The name of the one that is meant where none is named; null where there is no vault. */
  readonly default: string | null;
}

/**
 * Who wrote a line.
 *
 * "human": no turn did. "unknown": it stood there before the oldest write that is remembered, so a human wrote
 * it, or a turn of which no record is kept.
 */
export interface Why {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly writer: "turn" | "human" | "unknown";
  readonly session: string;
  readonly turn: string;
  /** The user's sentence; empty where it was purged. */
  readonly asked: string;
  /** When the turn wrote it; for "unknown", before when. Seconds since 1970. */
  readonly time: number | null;
  /** The line as the turn wrote it. */
  readonly written: string;
  /** Whether a human changed it since. */
  readonly edited: boolean;
}

/** `_commonplace/why`. */
export interface WhyAnswer {
  readonly path: string;
  readonly lines: readonly Why[];
}

/** A fact of a note. */
export interface Fact {
  readonly line: number;
  readonly key: string;
  readonly value: string;
  readonly origin: Why;
}

/** A note with its facts, the newest first. */
export interface KnownNote {
  readonly path: string;
  readonly title: string | null;
  readonly time: number;
  readonly facts: readonly Fact[];
}

/** `_commonplace/facts`: the note that learned something last comes first. */
export interface FactsAnswer {
  readonly notes: readonly KnownNote[];
  readonly total: number;
}

/** What goes from a note that something is forgotten of. */
export interface NoteDiff {
  readonly path: string;
  readonly change: "changed" | "deleted";
  readonly diff: readonly string[];
}

/** `_commonplace/forget`: without `plan` in the request nothing is changed. */
export interface ForgetAnswer {
  /** It is carried out only while the notes are as they were. */
  readonly plan: string;
  readonly notes: readonly NoteDiff[];
  readonly out_of_reach: readonly string[];
  /** When it was carried out: the turn by which it is undone. */
  readonly turn?: string;
  readonly purged?: Readonly<Record<string, number>> | null;
}

/** A note that a turn wrote. */
export interface TurnNote {
  readonly path: string;
  readonly change: "created" | "changed" | "deleted";
  readonly undone: boolean;
}

/** A turn that wrote notes, as `_commonplace/history` tells it. */
export interface WrittenTurn {
  readonly turn: string;
  readonly session: string;
  readonly notes: readonly TurnNote[];
}

/**
 * What became of one note.
 *
 * "restored": it is as before the turn. "merged": the turn's lines are taken back and what was written since is
 * kept. "unchanged": it was so already. "conflict": the same lines were changed since, so nothing was done.
 * "failed": the note could not be reached. "gone": the journal no longer keeps the text from before.
 */
export interface Undone {
  readonly path: string;
  readonly outcome: "restored" | "merged" | "unchanged" | "conflict" | "failed" | "gone";
  /** The note's text, where nothing could be done; None where there is no note. */
  readonly now: string | null;
  /** The text from before the turn, where nothing could be done; None where there was no note. */
  readonly wanted: string | null;
  /** Why, where it failed. */
  readonly reason: string | null;
}

/** What became of a turn in `_commonplace/undo`. */
export interface UndoneTurn {
  readonly turn: string;
  readonly undone_by: string;
  readonly notes: readonly Undone[];
}
