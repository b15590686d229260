/** The session in step with the daemon: begun, taken up where it was left, or told from its beginning. */

import type { LoadSessionResponse, NewSessionResponse, SessionConfigOption, SessionModeState } from "@agentclientprotocol/sdk";

import { ConnectionLost } from "../protocol/rpc";
import type { OverviewAnswer } from "../protocol/wire";
import { emptied } from "./model";
import type { DaemonRequest } from "./request";
import type { Store } from "./store";
import { problemOf } from "./trouble";
import { undoneIn } from "./undo";

export class Attachment {
  /** @param opened is called when a session is there to be asked in. */
  constructor(
    private readonly store: Store,
    private readonly request: DaemonRequest,
    private readonly vault: string,
    private readonly opened: () => void,
  ) {}

  /** After each connect: takes up the session where it was left, or begins one. */
  async enter(): Promise<void> {
    const { id, turns } = this.store.state.session;
    this.follow().catch(() => undefined);
    if (id === null) await this.create();
    else if (turns.length === 0 || !(await this.catchUp(id))) await this.load(id);
  }

  /** Begins another session, in the place of what is shown. */
  async begin(): Promise<void> {
    this.store.change({ session: emptied(this.store.state.session, null), problem: null });
    await this.create();
  }

  /** Shows another session, from its first turn on. */
  async load(id: string): Promise<void> {
    const shown = this.store.state.session;
    this.store.change({ session: emptied(shown, id), loading: true });
    try {
      const params = { sessionId: id, cwd: this.vault, mcpServers: [] };
      const loaded = await this.request<LoadSessionResponse>("session/load", params);
      this.open(id, loaded.modes ?? null, loaded.configOptions ?? []);
    } catch (error) {
      if (error instanceof ConnectionLost) this.store.change({ session: shown });
      else {
        this.store.change({ session: { ...shown, id: null, seq: 0 } });
        await this.create();
      }
    } finally {
      this.store.change({ loading: false });
    }
  }

  fail(error: unknown): void {
    if (!(error instanceof ConnectionLost)) this.store.change({ problem: problemOf(error) });
  }

  /** Learns what was taken back, here or elsewhere. */
  learnUndone(): void {
    undoneIn(this.request, this.vault).then(
      (turns) => {
        this.store.change({ canUndo: true });
        for (const { turn, paths } of turns) this.store.act({ kind: "undone", turn, paths });
      },
      () => this.store.change({ canUndo: false }),
    );
  }

  /** A page may not hear what every client does: it is told that notes have changed, and looks for itself. */
  private async follow(): Promise<void> {
    const { request, vault } = this;
    await request("_commonplace/feed", { vault }).catch(() => request("_commonplace/changes", { vault }));
  }

  /** Asks for what was missed; false where the daemon does not know the session, or how. */
  private async catchUp(id: string): Promise<boolean> {
    try {
      await this.request("_commonplace/replay", { sessionId: id, after: this.store.state.session.seq });
      return true;
    } catch {
      return false;
    }
  }

  private async create(): Promise<void> {
    try {
      const begun = await this.request<NewSessionResponse>("session/new", { cwd: this.vault, mcpServers: [] });
      this.open(begun.sessionId, begun.modes ?? null, begun.configOptions ?? []);
    } catch (error) {
      this.fail(error);
    }
  }

  private open(id: string, modes: SessionModeState | null, options: readonly SessionConfigOption[]): void {
    this.store.change({ problem: null });
    this.store.act({ kind: "opened", id, modes, options });
    this.learnUndone();
    this.request<OverviewAnswer>("_commonplace/overview", { cwd: this.vault }).then(
      (overview) => this.store.change({ overview }),
      () => this.store.change({ overview: null }),
    );
    this.opened();
  }
}
