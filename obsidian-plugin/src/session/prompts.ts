/** What the user asks: at once, after the running turn, or again where the daemon never got it. */

import type { PromptResponse } from "../protocol/messages";
import { ConnectionLost, RpcError } from "../protocol/rpc";
import { type TurnEnd, runningTurn } from "./model";
import type { DaemonRequest } from "./request";
import type { Store } from "./store";
import { wordsOf } from "./trouble";

export class Prompts {
  constructor(
    private readonly store: Store,
    private readonly request: DaemonRequest,
  ) {}

  /** Asks; while a turn runs or the daemon is away, the question waits in the queue. */
  send(text: string): void {
    const question = text.trim();
    if (question === "") return;
    this.store.change({ queue: [...this.store.state.queue, question] });
    this.sendNext();
  }

  unqueue(index: number): void {
    this.store.change({ queue: this.store.state.queue.filter((_, at) => at !== index) });
  }

  sendNext(): void {
    const { queue, session, link } = this.store.state;
    const [question] = queue;
    if (question === undefined || session.id === null || link.kind !== "ready" || runningTurn(session) !== null) return;
    this.store.change({ queue: queue.slice(1) });
    const [key, promptId] = [session.added, crypto.randomUUID()];
    this.store.act({ kind: "asked", question, promptId });
    void this.prompt(session.id, key, question, promptId);
  }

  /** Sends the prompt again that the daemon never got: what was missed would have told of it. */
  askAgain(): void {
    const { id, turns } = this.store.state.session;
    const lost = turns.find((turn) => turn.state === "unknown" && turn.id === null);
    if (id === null || lost === undefined || lost.promptId === null) return;
    this.store.act({ kind: "asked-again", key: lost.key });
    void this.prompt(id, lost.key, lost.question, lost.promptId);
  }

  private async prompt(sessionId: string, key: number, question: string, promptId: string): Promise<void> {
    const prompt = [{ type: "text", text: question }];
    const meta = { commonplace: { prompt_id: promptId, filters: this.store.state.filters } };
    let end: TurnEnd;
    try {
      const answer = await this.request<PromptResponse>("session/prompt", { sessionId, prompt, _meta: meta });
      end = { reason: answer.stopReason, error: null, advice: null };
    } catch (error) {
      if (error instanceof ConnectionLost) return;
      end = { reason: "failed", error: wordsOf(error), advice: error instanceof RpcError ? error.advice : null };
    }
    if (this.store.state.session.id !== sessionId) return;
    this.store.act({ kind: "answered", key, end });
    if (end.reason !== "cancelled" && end.reason !== "failed") this.sendNext();
  }
}
