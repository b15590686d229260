/** Holds a conversation's state, and says when it has changed. */

import { EMPTY } from "./model";
import { type Action, reduce } from "./reduce";
import { AT_FIRST, type ConversationState } from "./state";

export class Store {
  state: ConversationState;
  private readonly listeners = new Set<() => void>();

  /** @param session one to go on with; null begins a new one. */
  constructor(session: string | null) {
    this.state = { ...AT_FIRST, session: { ...EMPTY, id: session } };
  }

  /** Calls back after each change, until the result is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  change(part: Partial<ConversationState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }

  /** Takes something that has happened into the session. */
  act(action: Action): void {
    this.change({ session: reduce(this.state.session, action) });
  }

  /** Calls nobody back any more. */
  close(): void {
    this.listeners.clear();
  }
}
