/** A conversation as the views see it: the connection, the session, and what waits. */

import { FIRST, type LinkState } from "../protocol/link";
import type { OverviewAnswer } from "../protocol/wire";
import { EMPTY, type Session } from "./model";

/** Something that keeps the conversation from going on, in words for the user. */
export interface Problem {
  readonly kind: "unregistered" | "failed";
  readonly text: string;
}

export interface ConversationState {
  readonly link: LinkState;
  readonly session: Session;
  /** What was typed while a turn ran or the daemon was away. */
  readonly queue: readonly string[];
  readonly problem: Problem | null;
  readonly overview: OverviewAnswer | null;
  /** Whether the daemon keeps what turns replaced. */
  readonly canUndo: boolean;
  /** What must not be told, said with every prompt. */
  readonly filters: readonly string[];
  /** While a session is being told from its beginning: what is known of it is a part. */
  readonly loading: boolean;
}

export const AT_FIRST: ConversationState = {
  link: FIRST,
  session: EMPTY,
  queue: [],
  problem: null,
  overview: null,
  canUndo: false,
  filters: [],
  loading: false,
};
