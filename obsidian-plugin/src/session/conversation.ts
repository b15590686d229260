/** One conversation with the daemon, as the views use it. */

import type { SessionConfigOption } from "@agentclientprotocol/sdk";

import { DaemonClient, type Surroundings } from "../protocol/client";
import type { LinkState } from "../protocol/link";
import type { RequestPermissionRequest, SessionInfo, Update, Updates } from "../protocol/messages";
import { methodNotFound } from "../protocol/rpc";
import type { TouchedNote, UndoneNote } from "../protocol/wire";
import { Attachment } from "./attachment";
import { listSessions } from "./listing";
import { runningTurn } from "./model";
import { Prompts } from "./prompts";
import { Questions } from "./questions";
import type { DaemonRequest } from "./request";
import type { ConversationState } from "./state";
import { Store } from "./store";
import { lastToUndo, leftWords, undo } from "./undo";
import { type Watcher, Watchers } from "./watchers";

export class Conversation {
  private readonly client: DaemonClient;
  private readonly store: Store;
  private readonly prompts: Prompts;
  private readonly attachment: Attachment;
  private readonly watchers = new Watchers();
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
    this.store = new Store(remembered);
    this.client = new DaemonClient(surroundings, {
      notification: (method, params) => this.notified(method, params),
      request: (method, params) => this.requested(method, params),
      linkChanged: (link) => this.linkChanged(link),
    });
    this.prompts = new Prompts(this.store, this.request);
    this.attachment = new Attachment(this.store, this.request, vault, () => this.opened());
  }

  get state(): ConversationState {
    return this.store.state;
  }

  start(): void {
    this.client.start();
  }

  stop(): void {
    this.client.stop();
    this.store.close();
    this.watchers.close();
  }

  /** Calls back after each change, until the result is called. */
  onChange(listener: () => void): () => void {
    return this.store.onChange(listener);
  }

  watch(watcher: Watcher): () => void {
    return this.watchers.add(watcher);
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
    this.prompts.send(text);
  }

  unqueue(index: number): void {
    this.prompts.unqueue(index);
  }

  /** What waits in the queue, which is empty from now on. */
  takeQueue(): readonly string[] {
    const { queue } = this.state;
    if (queue.length > 0) this.store.change({ queue: [] });
    return queue;
  }

  sendNext(): void {
    this.prompts.sendNext();
  }

  setFilters(filters: readonly string[]): void {
    this.store.change({ filters });
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
    this.store.act({ kind: "permission-given", id });
  }

  /**
   * Takes back what a turn wrote. Rejects, saying why, where a note had to be left as it is.
   *
   * @param path one note of those that it wrote; null for all of them.
   */
  async undo(turn: string, path: string | null = null): Promise<void> {
    const { paths, left } = await undo(this.request, this.vault, turn, path);
    this.store.act({ kind: "undone", turn, paths });
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
    this.store.change({ problem: null });
    await this.attachment.load(id);
  }

  begin(): Promise<void> {
    return this.attachment.begin();
  }

  /** Names the session; who follows it is told. */
  name(title: string): void {
    const { id } = this.state.session;
    if (id === null) return;
    this.request("_commonplace/name_session", { sessionId: id, title }).catch((error: unknown) => this.attachment.fail(error));
  }

  setMode(mode: string): void {
    const { id } = this.state.session;
    if (id === null) return;
    this.request("session/set_mode", { sessionId: id, modeId: mode }).then(
      () => this.store.act({ kind: "mode-set", mode }),
      (error: unknown) => this.attachment.fail(error),
    );
  }

  setChoice(configId: string, value: string): void {
    const { id } = this.state.session;
    if (id === null) return;
    this.request<{ configOptions: SessionConfigOption[] }>("session/set_config_option", { sessionId: id, configId, value }).then(
      ({ configOptions }) => this.store.act({ kind: "options-set", options: configOptions }),
      (error: unknown) => this.attachment.fail(error),
    );
  }

  /** Registers this vault with the daemon, its memory in that folder ("" is the root), and begins. */
  async register(memory: string): Promise<void> {
    await this.request("_commonplace/register", { path: this.vault, memory });
    await this.begin();
  }

  /** Asks the daemon anything else. */
  readonly request: DaemonRequest = (method, params) => this.client.request(method, params);

  private linkChanged(link: LinkState): void {
    const was = this.state.link;
    this.store.change({ link });
    if (link.kind === "ready") void this.enter();
    else if (was.kind === "ready") {
      this.questions.forget();
      this.store.act({ kind: "disconnected" });
    }
  }

  private opened(): void {
    this.watchers.told(runningTurn(this.state.session) !== null);
    this.prompts.sendNext();
  }

  private async enter(): Promise<void> {
    await this.attachment.enter();
    this.prompts.askAgain();
    this.prompts.sendNext();
  }

  private notified(method: string, params: unknown): void {
    if (method === "_commonplace/touched") this.watchers.touched(params as TouchedNote);
    else if (method === "_commonplace/undone") this.undone(params as UndoneNote);
    else if (method === "_commonplace/changed") this.attachment.learnUndone();
    else if (method === "_commonplace/updates") this.updated((params as Updates).updates);
    else if (method === "session/update") this.updated([params as Update]);
  }

  private undone(note: UndoneNote): void {
    this.store.act({ kind: "undone", turn: note.turn, paths: [note.path] });
    this.watchers.undone(note);
  }

  private updated(updates: readonly Update[]): void {
    const { session, loading } = this.state;
    const ours = updates.filter((update) => update.sessionId === session.id);
    if (ours.length > 0) this.store.act({ kind: "updated", updates: ours, root: this.vault });
    if (loading) this.watchers.toldAgain(ours);
    else this.watchers.updated(updates);
  }

  private requested(method: string, params: unknown): Promise<unknown> {
    const answer = this.answering.get(method);
    if (answer !== undefined) return answer(params);
    if (method !== "session/request_permission") return Promise.reject(methodNotFound(method));
    const { permission, answer: given } = this.questions.put(params as RequestPermissionRequest, this.vault);
    this.store.act({ kind: "permission-asked", permission });
    return given;
  }
}
