/** A session as the views see it. Every value is frozen: a change makes a new one, and what did not change stays. */

import type { Access, AvailableCommand, PermissionOption, SessionMode } from "../protocol/messages";

export type StepStatus = "pending" | "running" | "done" | "failed";

export interface Touch {
  /** Relative to the vault. */
  readonly path: string;
  readonly access: Access;
}

export interface Change {
  readonly path: string;
  /** Null where the note did not exist. */
  readonly before: string | null;
  /** Null where the note was deleted. */
  readonly after: string | null;
}

export interface Step {
  readonly id: string;
  readonly title: string;
  readonly status: StepStatus;
  /** What was thought before this step. */
  readonly thought: string;
  readonly code: string;
  readonly result: string | null;
  readonly touches: readonly Touch[];
  readonly changes: readonly Change[];
  readonly milliseconds: number | null;
}

/** A question of the daemon, which waits for its answer. */
export interface Permission {
  readonly id: number;
  /** The daemon's name of the question: another client may answer it. */
  readonly question: string | null;
  readonly title: string;
  readonly changes: readonly Change[];
  readonly options: readonly PermissionOption[];
}

export type TurnState =
  /** Sent; the daemon has not begun to answer. */
  | "sent"
  | "running"
  /** The connection was lost, and the turn's end has not been seen. */
  | "unknown"
  | "ended";

export interface TurnEnd {
  readonly reason: string;
  readonly error: string | null;
  readonly advice: string | null;
}

export interface Turn {
  /** Stable from the first moment on; not the daemon's name of the turn. */
  readonly key: number;
  /** The daemon's name of the turn, once it is known. */
  readonly id: string | null;
  /** Ours of the prompt, so that sending it twice runs it once; null for another client's turn. */
  readonly promptId: string | null;
  readonly question: string;
  readonly steps: readonly Step[];
  /** What is being thought, until a step or the reply follows. */
  readonly thought: string;
  readonly reply: string;
  readonly notices: readonly string[];
  readonly state: TurnState;
  readonly end: TurnEnd | null;
  readonly permissions: readonly Permission[];
  /** Paths of notes whose change was taken back. */
  readonly undone: readonly string[];
}

export interface SelectOption {
  readonly value: string;
  readonly name: string;
}

/** A choice that the daemon offers for the session, such as the model. */
export interface ConfigChoice {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
}

export interface Session {
  readonly id: string | null;
  readonly title: string | null;
  /** The highest number of an update that was taken in. */
  readonly seq: number;
  readonly turns: readonly Turn[];
  readonly modes: readonly SessionMode[];
  readonly mode: string | null;
  readonly commands: readonly AvailableCommand[];
  readonly choices: readonly ConfigChoice[];
  /** Counts the turns ever added, for their keys. */
  readonly added: number;
}

export const EMPTY: Session = {
  id: null,
  title: null,
  seq: 0,
  turns: [],
  modes: [],
  mode: null,
  commands: [],
  choices: [],
  added: 0,
};

/** Another session in the place of this one; its turns get keys that were never used. */
export function emptied(session: Session, id: string | null): Session {
  return { ...EMPTY, id, added: session.added };
}

export function runningTurn(session: Session): Turn | null {
  return session.turns.findLast((turn) => turn.state === "sent" || turn.state === "running") ?? null;
}
