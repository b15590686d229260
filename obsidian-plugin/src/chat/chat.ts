/** The chat: made of the parts beside this file, brought up to the conversation's state once per frame. */

import type { Conversation } from "../session/conversation";
import { type Turn, runningTurn } from "../session/model";
import { wordsOf } from "../session/trouble";
import { Announcer } from "./announcer";
import { Composer } from "./composer";
import { add } from "./dom";
import { EarlierTurns } from "./earlier";
import { EmptyView } from "./empty";
import { Header } from "./header";
import type { ChatHost } from "./host";
import { Follower } from "./scroll";
import { SessionsView } from "./sessions";
import { StateView } from "./state";
import { TouchedStrip } from "./touched";
import { TurnView } from "./turn";

export class Chat {
  readonly element: HTMLElement;
  readonly composer: Composer;
  private readonly header: Header;
  private readonly sessions: SessionsView;
  private readonly log: HTMLElement;
  private readonly earlier: EarlierTurns;
  private readonly empty: EmptyView;
  private readonly stateView: StateView;
  private readonly touched: TouchedStrip;
  private readonly follower: Follower;
  private readonly announcer: Announcer;
  private readonly turns = new Map<number, TurnView>();
  private readonly unsubscribe: () => void;
  private frame: number | null = null;
  private lastSaid = "";
  /** A turn that is to be brought into view as soon as it is shown. */
  private wanted: string | null = null;

  constructor(
    parent: HTMLElement,
    private readonly host: ChatHost,
    private readonly conversation: Conversation,
    private readonly vaultName: string,
  ) {
    this.element = add(parent, "div", { cls: "commonplace-chat" });
    this.header = new Header(this.element, host, {
      begin: () => void this.begin(),
      list: () => void this.listSessions(),
      setMode: (mode) => conversation.setMode(mode),
      setChoice: (id, value) => conversation.setChoice(id, value),
      name: (title) => conversation.name(title),
    });
    this.sessions = new SessionsView(this.element, (id) => this.openSession(id), () => this.closeSessions());
    this.log = add(this.element, "div", {
      cls: "commonplace-log",
      attributes: { role: "log", "aria-live": "off", "aria-label": "Conversation", tabindex: "0" },
    });
    this.earlier = new EarlierTurns(this.log, () => this.render());
    this.empty = new EmptyView(this.log, (question) => conversation.send(question));
    this.follower = new Follower(this.log, this.element, host);
    this.stateView = new StateView(this.element, host, {
      reconnect: () => conversation.reconnect(),
      register: (memory) => conversation.register(memory),
      left: () => this.composer.focus(),
    });
    this.touched = new TouchedStrip(this.element, host);
    this.composer = new Composer(this.element, host, {
      send: (text) => this.send(text),
      stop: () => conversation.cancel(),
      unqueue: (index) => conversation.unqueue(index),
      sendNext: () => conversation.sendNext(),
    });
    this.announcer = new Announcer(this.element);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.log.addEventListener("click", (event) => this.clicked(event));
    this.log.addEventListener("mouseover", (event) => this.hovered(event));
    this.unsubscribe = conversation.onChange(() => this.schedule());
    this.render();
  }

  /** Takes the view away; the conversation goes on. */
  destroy(): void {
    this.unsubscribe();
    this.announcer.stop();
    if (this.frame !== null) this.window.cancelAnimationFrame(this.frame);
    this.element.remove();
  }

  /** Shows a turn of a session; false where the daemon keeps that session no more. */
  async reveal(session: string, turn: string): Promise<boolean> {
    if (this.conversation.state.session.id !== session) {
      this.takeBackQueue();
      await this.conversation.open(session);
    }
    if (this.conversation.state.session.id !== session) return false;
    this.wanted = turn;
    this.schedule();
    return true;
  }

  /** Begins another session, in the place of what is shown. */
  async begin(): Promise<void> {
    this.sessions.hide();
    this.takeBackQueue();
    await this.conversation.begin();
    this.composer.focus();
  }

  /** A session that is being loaded is drawn once, when it is whole. */
  private schedule(): void {
    this.frame ??= this.window.requestAnimationFrame(() => {
      this.frame = null;
      if (!this.conversation.state.loading) this.render();
    });
  }

  private render(): void {
    const { state } = this.conversation;
    const { session } = state;
    for (const [key, view] of this.turns) {
      if (session.turns.some((turn) => turn.key === key)) continue;
      view.element.remove();
      this.turns.delete(key);
    }
    const wanted = session.turns.find((turn) => turn.id !== null && turn.id === this.wanted);
    if (wanted !== undefined) this.earlier.include(wanted);
    this.drawTurns(this.earlier.shown(session.turns, this.turns.size === 0));
    this.header.update(state, this.vaultName);
    this.empty.update(state);
    this.stateView.update(state);
    this.touched.update(session, state.link.kind === "ready" ? state.link.welcome.modelHost : null);
    this.composer.update(state);
    this.follower.grown();
    this.scrollTo(wanted);
    this.announce();
  }

  /** From the last to the first, each before the one that follows it. */
  private drawTurns(turns: readonly Turn[]): void {
    let following: HTMLElement | null = null;
    for (const turn of turns.toReversed()) {
      const isNew = !this.turns.has(turn.key);
      const view = this.turnView(turn.key);
      view.update(turn, this.conversation.state.canUndo);
      if (isNew && following !== null) following.before(view.element);
      following = view.element;
    }
  }

  private scrollTo(turn: Turn | undefined): void {
    const view = turn === undefined ? undefined : this.turns.get(turn.key);
    if (view === undefined) return;
    this.wanted = null;
    this.follower.leave();
    view.element.scrollIntoView({ block: "start" });
    view.element.focus({ preventScroll: true });
  }

  private turnView(key: number): TurnView {
    const known = this.turns.get(key);
    if (known !== undefined) return known;
    const view = new TurnView(this.log, this.host, {
      retry: (question) => this.send(question),
      answer: (id, optionId) => {
        this.conversation.answerPermission(id, optionId);
        this.composer.focus();
      },
      undo: (turn, path) => this.conversation.undo(turn, path),
      spoken: (text) => this.announcer.say(text),
      grown: () => this.follower.grown(),
    });
    this.turns.set(key, view);
    return view;
  }

  private send(text: string): void {
    this.conversation.send(text);
    this.follower.toEnd();
  }

  private async listSessions(): Promise<void> {
    if (this.sessions.shown) {
      this.closeSessions();
      return;
    }
    this.header.listButton.setAttribute("aria-expanded", "true");
    try {
      this.sessions.show(await this.conversation.sessions());
    } catch (error) {
      this.sessions.tell(`The sessions cannot be listed: ${wordsOf(error)}`);
    }
  }

  private openSession(id: string): void {
    this.closeSessions();
    this.takeBackQueue();
    void this.conversation.open(id);
    this.composer.focus();
  }

  /** What waits was meant for the session that is left: it goes back into the message. */
  private takeBackQueue(): void {
    const waiting = this.conversation.takeQueue();
    if (waiting.length > 0) this.composer.put(waiting.join("\n"));
  }

  private closeSessions(): void {
    this.sessions.hide();
    this.header.listButton.setAttribute("aria-expanded", "false");
    this.header.listButton.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing && runningTurn(this.conversation.state.session) !== null) {
      event.preventDefault();
      event.stopPropagation();
      this.conversation.cancel();
    }
  }

  /** Links in replies: notes open here, the web in the browser. */
  private clicked(event: MouseEvent): void {
    const link = internalLink(event);
    if (link === null) return;
    event.preventDefault();
    this.host.openNote(link.target, event);
  }

  private hovered(event: MouseEvent): void {
    const link = internalLink(event);
    if (link !== null) this.host.previewNote(link.target, link.element, event);
  }

  private announce(): void {
    const { link, session } = this.conversation.state;
    const turn = session.turns.at(-1);
    let say = "";
    if (link.kind === "away") say = "The daemon is away.";
    else if (turn !== undefined && turn.permissions.length > 0) say = `Waiting for you: ${turn.permissions[0]?.title ?? ""}`;
    else if (turn?.state === "running") say = turn.steps.findLast((step) => step.status !== "pending")?.title ?? "";
    else if (turn?.end?.reason === "failed") say = turn.end.error ?? "The turn failed.";
    if (say === this.lastSaid) return;
    this.lastSaid = say;
    this.announcer.say(say);
  }

  private get window(): Window {
    return this.element.ownerDocument.defaultView ?? window;
  }
}

function internalLink(event: MouseEvent): { element: HTMLElement; target: string } | null {
  const element = (event.target as HTMLElement | null)?.closest<HTMLElement>("a.internal-link") ?? null;
  const target = element?.getAttribute("data-href") ?? element?.getAttribute("href");
  return element !== null && target ? { element, target } : null;
}
