/** One conversation: the session's state, kept in step with the daemon through lost connections and restarts. */

import type {
  LoadSessionResponse,
  NewSessionResponse,
  SessionConfigOption,
  SessionModeState,
} from "@agentclientprotocol/sdk";

import { DaemonClient, type Surroundings } from "../protocol/client";
import type { LinkState } from "../protocol/link";
import { INVALID_PARAMS, type PromptResponse, type RequestPermissionRequest, type SessionInfo, type Update, type Updates } from "../protocol/messages";
import { ConnectionLost, RpcError, methodNotFound } from "../protocol/rpc";
import type { OverviewAnswer, TouchedNote } from "../protocol/wire";
import { listSessions } from "./listing";
import { EMPTY, type TurnEnd, emptied, runningTurn } from "./model";
import { Questions } from "./questions";
import { type Action, reduce } from "./reduce";
import type { DaemonRequest } from "./request";
import { AT_FIRST, type ConversationState } from "./state";
import { lastToUndo, leftWords, undo, undoneIn } from "./undo";

export interface Watcher {
  /** An update of a session that is followed here. */
  updated(update: Update): void;
  /** A note was touched by a turn on this vault, whoever's turn it is. */
  touched(touched: TouchedNote): void;
}

export class Conversation {
  state: ConversationState = AT_FIRST;
  private readonly client: DaemonClient;
  private readonly listeners = new Set<() => void>();
  private readonly watchers = new Set<Watcher>();
  private readonly questions = new Questions();
  private readonly answering = new Map<string, (params: unknown) => Promise<unknown>>();

  /**
   * @param vault the vault's folder, as the daemon knows it.
   * @param remembered a session to go on with, from before the view was closed.
   */
  constructor(
    readonly vault: string,
    surroundings: Surroundings,
    remembered: string | null = null,
  ) {
    if (remembered !== null) this.change({ session: { ...EMPTY, id: remembered } });
    this.client = new DaemonClient(surroundings, {
      notification: (method, params) => this.notified(method, params),
      request: (method, params) => this.requested(method, params),
      linkChanged: (link) => this.linkChanged(link),
    });
  }

  start(): void {
    this.client.start();
  }

  stop(): void {
    this.client.stop();
    this.listeners.clear();
    this.watchers.clear();
  }

  /** Calls back after each change, until the result is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Answers a request of the daemon, until the result is called. */
  answer(method: string, handler: (params: unknown) => Promise<unknown>): () => void {
    this.answering.set(method, handler);
    return () => this.answering.delete(method);
  }

  /** Looks for the daemon at once: the machine woke up, or the user asked. */
  reconnect(): void {
    this.client.retry();
  }

  /** Asks; while a turn runs or the daemon is away, the question waits in the queue. */
  send(text: string): void {
    const question = text.trim();
    if (question === "") return;
    this.change({ queue: [...this.state.queue, question] });
    this.sendNext();
  }

  setFilters(filters: readonly string[]): void {
    this.change({ filters });
  }

  unqueue(index: number): void {
    this.change({ queue: this.state.queue.filter((_, at) => at !== index) });
  }

  sendNext(): void {
    const { queue, session, link } = this.state;
    const [question] = queue;
    if (question === undefined || session.id === null || link.kind !== "ready" || runningTurn(session) !== null) return;
    this.change({ queue: queue.slice(1) });
    void this.ask(session.id, question);
  }

  /** Ends the running turn; what waits in the queue goes on waiting. */
  cancel(): void {
    const { session } = this.state;
    if (session.id !== null && runningTurn(session) !== null) {
      this.client.notify("session/cancel", { sessionId: session.id });
    }
  }

  answerPermission(id: number, optionId: string): void {
    this.questions.answer(id, optionId);
    this.act({ kind: "permission-given", id });
  }

  /**
   * Takes back what a turn wrote. Rejects, saying why, where a note had to be left as it is.
   *
   * @param path one note of those that it wrote; null for all of them.
   */
  async undo(turn: string, path: string | null = null): Promise<void> {
    const { paths, left } = await undo(this.request, this.vault, turn, path);
    this.act({ kind: "undone", turn, paths });
    if (left.length > 0) throw new Error(left.map(leftWords).join(" "));
  }

  /** Takes back the newest turn that changed notes; false where there is none. */
  async undoLast(): Promise<boolean> {
    const turn = lastToUndo(this.state.session)?.id ?? null;
    if (turn !== null) await this.undo(turn);
    return turn !== null;
  }

  sessions(): Promise<readonly SessionInfo[]> {
    return listSessions(this.request, this.vault);
  }

  /** Shows another session, from its first turn on. */
  async open(id: string): Promise<void> {
    this.change({ queue: [], problem: null });
    await this.load(id);
  }

  async begin(): Promise<void> {
    this.change({ session: emptied(this.state.session, null), problem: null });
    await this.create();
  }

  setMode(mode: string): void {
    const { id } = this.state.session;
    if (id === null) return;
    this.client.request("session/set_mode", { sessionId: id, modeId: mode }).then(
      () => this.act({ kind: "mode-set", mode }),
      (error: unknown) => this.fail(error),
    );
  }

  setChoice(configId: string, value: string): void {
    const { id } = this.state.session;
    if (id === null) return;
    this.client
      .request<{ configOptions: SessionConfigOption[] }>("session/set_config_option", { sessionId: id, configId, value })
      .then(
        ({ configOptions }) => this.act({ kind: "options-set", options: configOptions }),
        (error: unknown) => this.fail(error),
      );
  }

  /** Registers this vault with the daemon, its memory in that folder ("" is the root), and begins. */
  async register(memory: string): Promise<void> {
    await this.client.request("_commonplace/register", { path: this.vault, memory });
    await this.begin();
  }

  /** Asks the daemon anything else. */
  readonly request: DaemonRequest = (method, params) => this.client.request(method, params);

  private async ask(sessionId: string, question: string): Promise<void> {
    const key = this.state.session.added;
    const promptId = crypto.randomUUID();
    this.act({ kind: "asked", question, promptId });
    await this.prompt(sessionId, key, question, promptId);
  }

  private async prompt(sessionId: string, key: number, question: string, promptId: string): Promise<void> {
    const prompt = [{ type: "text", text: question }];
    const params = { sessionId, prompt, _meta: { commonplace: { prompt_id: promptId, filters: this.state.filters } } };
    let end: TurnEnd;
    try {
      const answer = await this.client.request<PromptResponse>("session/prompt", params);
      end = { reason: answer.stopReason, error: null, advice: null };
    } catch (error) {
      if (error instanceof ConnectionLost) return;
      end = { reason: "failed", error: wordsOf(error), advice: error instanceof RpcError ? error.advice : null };
    }
    if (this.state.session.id !== sessionId) return;
    this.act({ kind: "answered", key, end });
    if (end.reason !== "cancelled" && end.reason !== "failed") this.sendNext();
  }

  private linkChanged(link: LinkState): void {
    const was = this.state.link;
    this.change({ link });
    if (link.kind === "ready") void this.enter();
    else if (was.kind === "ready") {
      this.questions.forget();
      this.act({ kind: "disconnected" });
    }
  }

  /** After each connect: take up the session where it was left, or begin one. */
  private async enter(): Promise<void> {
    const { id, turns } = this.state.session;
    this.client.request("_commonplace/feed", { vault: this.vault }).catch(() => undefined);
    if (id === null) await this.create();
    else if (turns.length === 0 || !(await this.catchUp(id))) await this.load(id);
    this.askAgain();
    this.sendNext();
  }

  /** Sends the prompt again that the daemon never got: what was missed would have told of it. */
  private askAgain(): void {
    const { id, turns } = this.state.session;
    const lost = turns.find((turn) => turn.state === "unknown" && turn.id === null);
    if (id === null || lost === undefined || lost.promptId === null) return;
    this.act({ kind: "asked-again", key: lost.key });
    void this.prompt(id, lost.key, lost.question, lost.promptId);
  }

  /** Asks for what was missed; false where the daemon does not know the session, or how. */
  private async catchUp(id: string): Promise<boolean> {
    try {
      await this.client.request("_commonplace/replay", { sessionId: id, after: this.state.session.seq });
      return true;
    } catch {
      return false;
    }
  }

  private async load(id: string): Promise<void> {
    const shown = this.state.session;
    this.change({ session: emptied(shown, id), loading: true });
    try {
      const params = { sessionId: id, cwd: this.vault, mcpServers: [] };
      const loaded = await this.client.request<LoadSessionResponse>("session/load", params);
      this.opened(id, loaded.modes ?? null, loaded.configOptions ?? []);
    } catch (error) {
      if (error instanceof ConnectionLost) this.change({ session: shown });
      else {
        this.change({ session: { ...shown, id: null, seq: 0 } });
        await this.create();
      }
    } finally {
      this.change({ loading: false });
    }
  }

  private async create(): Promise<void> {
    try {
      const begun = await this.client.request<NewSessionResponse>("session/new", { cwd: this.vault, mcpServers: [] });
      this.opened(begun.sessionId, begun.modes ?? null, begun.configOptions ?? []);
    } catch (error) {
      this.fail(error);
    }
  }

  private opened(id: string, modes: SessionModeState | null, options: readonly SessionConfigOption[]): void {
    this.change({ problem: null });
    this.act({ kind: "opened", id, modes, options });
    undoneIn(this.request, this.vault).then(
      (turns) => {
        this.change({ canUndo: true });
        for (const { turn, paths } of turns) this.act({ kind: "undone", turn, paths });
      },
      () => this.change({ canUndo: false }),
    );
    this.client.request<OverviewAnswer>("_commonplace/overview", { cwd: this.vault }).then(
      (overview) => this.change({ overview }),
      () => this.change({ overview: null }),
    );
    this.sendNext();
  }

  private notified(method: string, params: unknown): void {
    if (method === "_commonplace/touched") {
      for (const watcher of this.watchers) watcher.touched(params as TouchedNote);
    } else if (method === "_commonplace/updates") this.updated((params as Updates).updates);
    else if (method === "session/update") this.updated([params as Update]);
  }

  private updated(updates: readonly Update[]): void {
    const { id } = this.state.session;
    const ours = updates.filter((update) => update.sessionId === id);
    if (ours.length > 0) this.act({ kind: "updated", updates: ours, root: this.vault });
    for (const watcher of this.watchers) for (const update of updates) watcher.updated(update);
  }

  private requested(method: string, params: unknown): Promise<unknown> {
    const answer = this.answering.get(method);
    if (answer !== undefined) return answer(params);
    if (method !== "session/request_permission") return Promise.reject(methodNotFound(method));
    const { permission, answer: given } = this.questions.put(params as RequestPermissionRequest, this.vault);
    this.act({ kind: "permission-asked", permission });
    return given;
  }

  private act(action: Action): void {
    this.change({ session: reduce(this.state.session, action) });
  }

  private fail(error: unknown): void {
    if (error instanceof ConnectionLost) return;
    const unknown = error instanceof RpcError && error.code === INVALID_PARAMS && /not a registered vault/.test(error.message);
    this.change({ problem: { kind: unknown ? "unregistered" : "failed", text: wordsOf(error) } });
  }

  private change(part: Partial<ConversationState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}

/** An error in words for the user. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong.";
}
