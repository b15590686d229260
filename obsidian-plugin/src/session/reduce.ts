/** How a session changes: one pure function over everything that can happen to it. */

import type { SessionModeState, SessionConfigOption } from "@agentclientprotocol/sdk";

import { type OurMeta, type SessionUpdate, type ToolCallContent, type Update, metaOf } from "../protocol/messages";
import type { Change, ConfigChoice, Permission, Session, Step, StepStatus, Touch, Turn, TurnEnd } from "./model";

export type Action =
  | { readonly kind: "opened"; readonly id: string; readonly modes: SessionModeState | null; readonly options: readonly SessionConfigOption[] }
  | { readonly kind: "asked"; readonly question: string; readonly promptId: string }
  /** A prompt that the daemon never got is on its way again. */
  | { readonly kind: "asked-again"; readonly key: number }
  | { readonly kind: "updated"; readonly updates: readonly Update[]; readonly root: string }
  /** The prompt was answered, or refused. */
  | { readonly kind: "answered"; readonly key: number; readonly end: TurnEnd }
  | { readonly kind: "disconnected" }
  | { readonly kind: "permission-asked"; readonly permission: Permission }
  | { readonly kind: "permission-given"; readonly id: number }
  | { readonly kind: "undone"; readonly turn: string; readonly paths: readonly string[] }
  | { readonly kind: "mode-set"; readonly mode: string }
  | { readonly kind: "options-set"; readonly options: readonly SessionConfigOption[] };

export function reduce(session: Session, action: Action): Session {
  switch (action.kind) {
    case "opened":
      return {
        ...session,
        id: action.id,
        modes: action.modes?.availableModes ?? [],
        mode: action.modes?.currentModeId ?? null,
        choices: choicesOf(action.options),
      };
    case "asked":
      return withTurn(session, { question: action.question, promptId: action.promptId, state: "sent" });
    case "asked-again":
      return changeTurn(session, (turn) => turn.key === action.key, (turn) => ({ ...turn, state: "sent" }));
    case "updated":
      return action.updates.reduce((known, update) => updated(known, update, action.root), session);
    case "answered":
      return changeTurn(session, (turn) => turn.key === action.key, (turn) => (turn.end === null ? ended(turn, action.end) : turn));
    case "disconnected":
      return changeTurns(session, isOpen, (turn) => ({ ...turn, state: "unknown", permissions: [] }));
    case "permission-asked":
      return changeLast(session, (turn) => ({ ...turn, permissions: [...turn.permissions, action.permission] }));
    case "permission-given":
      return changeTurns(
        session,
        (turn) => turn.permissions.some((permission) => permission.id === action.id),
        (turn) => ({ ...turn, permissions: turn.permissions.filter((permission) => permission.id !== action.id) }),
      );
    case "undone":
      return changeTurn(session, (turn) => turn.id === action.turn, (turn) => {
        const more = action.paths.filter((path) => !turn.undone.includes(path));
        return more.length === 0 ? turn : { ...turn, undone: [...turn.undone, ...more] };
      });
    case "mode-set":
      return { ...session, mode: action.mode };
    case "options-set":
      return { ...session, choices: choicesOf(action.options) };
  }
}

function updated(session: Session, notification: Update, root: string): Session {
  const meta = metaOf(notification);
  if (meta.seq !== undefined && meta.seq <= session.seq) return session;
  const counted = meta.seq === undefined ? session : { ...session, seq: meta.seq };
  const { update } = notification;
  switch (update.sessionUpdate) {
    case "available_commands_update":
      return { ...counted, commands: update.availableCommands };
    case "current_mode_update":
      return { ...counted, mode: update.currentModeId };
    case "config_option_update":
      return { ...counted, choices: choicesOf(update.configOptions) };
    case "session_info_update":
      return sessionInfo(counted, update.title, meta);
    default:
      return turnUpdated(counted, update, meta, root);
  }
}

function sessionInfo(session: Session, title: string | null | undefined, meta: OurMeta): Session {
  const titled = title === undefined ? session : { ...session, title };
  const { ended: end } = meta;
  if (end === undefined) return titled;
  const { bound, index } = bind(titled, meta);
  return changeAt(bound, index, (turn) => ({
    ...ended(turn, { reason: end.reason, error: end.error ?? null, advice: end.advice ?? null }),
    reply: turn.reply === "" ? (end.reply ?? "") : turn.reply,
  }));
}

function turnUpdated(session: Session, update: SessionUpdate, meta: OurMeta, root: string): Session {
  const { bound, index } = bind(session, meta);
  return changeAt(bound, index, (turn) =>
    inTurn(answered({ ...turn, state: turn.end === null ? "running" : "ended" }, meta), update, meta, root),
  );
}

function inTurn(turn: Turn, update: SessionUpdate, meta: OurMeta, root: string): Turn {
  switch (update.sessionUpdate) {
    case "user_message_chunk":
      return { ...turn, question: asked(turn.question, textOf(update.content)) };
    case "agent_thought_chunk":
      return meta.notice === true
        ? { ...turn, notices: [...turn.notices, textOf(update.content)] }
        : { ...turn, thought: turn.thought + textOf(update.content) };
    case "agent_message_chunk":
      return { ...turn, reply: turn.reply + textOf(update.content) };
    case "tool_call": {
      const step = grown(newStep(update.toolCallId, turn.thought), update, meta, root);
      return { ...turn, thought: "", steps: [...turn.steps.filter((one) => one.id !== step.id), step] };
    }
    case "tool_call_update":
      return {
        ...turn,
        steps: turn.steps.map((step) => (step.id === update.toolCallId ? grown(step, update, meta, root) : step)),
      };
    default:
      return turn;
  }
}

/** The question as it was typed stands; the log's copy of it fills a turn that another client began. */
function asked(known: string, chunk: string): string {
  return known.endsWith(chunk) ? known : known + chunk;
}

type ToolCallFields = Extract<SessionUpdate, { sessionUpdate: "tool_call" | "tool_call_update" }>;

function grown(step: Step, update: ToolCallFields, meta: OurMeta, root: string): Step {
  const code = field(update.rawInput, "code");
  const result = field(update.rawOutput, "result");
  return {
    ...step,
    title: update.title ?? step.title,
    status: update.status ? STATUS[update.status] : step.status,
    code: code ?? step.code + (meta.code_delta ?? ""),
    result: result ?? step.result,
    touches: touched(step.touches, meta),
    changes: update.content ? changesOf(update.content, toldRoot(update.content, meta) ?? root, deletedPath(meta)) : step.changes,
    milliseconds: meta.milliseconds ?? step.milliseconds,
  };
}

const STATUS: Readonly<Record<"pending" | "in_progress" | "completed" | "failed", StepStatus>> = {
  pending: "pending",
  in_progress: "running",
  completed: "done",
  failed: "failed",
};

function touched(touches: readonly Touch[], meta: OurMeta): readonly Touch[] {
  const { path, access } = meta;
  if (path === undefined || access === undefined) return touches;
  return touches.some((touch) => touch.path === path && touch.access === access) ? touches : [...touches, { path, access }];
}

export function changesOf(content: readonly ToolCallContent[], root: string, deleted: string | null = null): readonly Change[] {
  return content.flatMap((part) => {
    if (part.type !== "diff") return [];
    const path = inVault(part.path, root);
    const gone = path === deleted || metaOf(part).deleted === true;
    return [{ path, before: part.oldText ?? null, after: gone ? null : part.newText }];
  });
}

/** The vault's folder as the daemon writes it, which a symbolic link may make another than ours. */
function toldRoot(content: readonly ToolCallContent[], meta: OurMeta): string | null {
  const last = content.findLast((part) => part.type === "diff");
  if (last === undefined || meta.path === undefined) return null;
  const whole = last.path.replaceAll("\\", "/");
  return whole.endsWith(`/${meta.path}`) ? whole.slice(0, -meta.path.length) : null;
}

function deletedPath(meta: OurMeta): string | null {
  return meta.deleted === true ? (meta.path ?? null) : null;
}

/** The protocol's paths are whole; ours are the vault's. */
export function inVault(path: string, root: string): string {
  const [whole, folder] = [path, root].map((text) => text.replaceAll("\\", "/")) as [string, string];
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  return whole.startsWith(prefix) ? whole.slice(prefix.length) : whole;
}

/** Takes away the question that this or another client has answered. */
function answered(turn: Turn, { permission }: OurMeta): Turn {
  if (permission === undefined || permission.outcome === null) return turn;
  return { ...turn, permissions: turn.permissions.filter((asked) => asked.question !== permission.question) };
}

/** Finds the turn of that name; the one that was sent and has no name yet takes it; else a new turn begins. */
function bind(session: Session, meta: OurMeta): { bound: Session; index: number } {
  const { turn: name, prompt_id: promptId } = meta;
  const named = session.turns.findIndex((turn) => turn.id !== null && turn.id === name);
  if (named >= 0) return { bound: session, index: named };
  const sent = session.turns.findIndex(
    (turn) => turn.id === null && turn.state !== "ended" && (promptId === undefined || turn.promptId === promptId),
  );
  if (sent >= 0) return { bound: changeAt(session, sent, (turn) => ({ ...turn, id: name ?? null })), index: sent };
  return { bound: withTurn(session, { id: name ?? null, state: "running" }), index: session.turns.length };
}

function withTurn(session: Session, given: Partial<Turn>): Session {
  const turn: Turn = {
    key: session.added,
    id: null,
    promptId: null,
    question: "",
    steps: [],
    thought: "",
    reply: "",
    notices: [],
    state: "running",
    end: null,
    permissions: [],
    undone: [],
    ...given,
  };
  return { ...session, added: session.added + 1, turns: [...session.turns, turn] };
}

function newStep(id: string, thought: string): Step {
  return { id, title: "", status: "pending", thought, code: "", result: null, touches: [], changes: [], milliseconds: null };
}

function ended(turn: Turn, end: TurnEnd): Turn {
  return { ...turn, state: "ended", end, permissions: [] };
}

function isOpen(turn: Turn): boolean {
  return turn.state === "sent" || turn.state === "running";
}

function changeAt(session: Session, index: number, change: (turn: Turn) => Turn): Session {
  if (session.turns[index] === undefined) return session;
  return { ...session, turns: session.turns.map((turn, at) => (at === index ? change(turn) : turn)) };
}

function changeTurns(session: Session, which: (turn: Turn) => boolean, change: (turn: Turn) => Turn): Session {
  return { ...session, turns: session.turns.map((turn) => (which(turn) ? change(turn) : turn)) };
}

function changeTurn(session: Session, which: (turn: Turn) => boolean, change: (turn: Turn) => Turn): Session {
  return changeAt(session, session.turns.findLastIndex(which), change);
}

function changeLast(session: Session, change: (turn: Turn) => Turn): Session {
  return changeAt(session, session.turns.length - 1, change);
}

function textOf(content: { readonly type: string; readonly text?: unknown }): string {
  return content.type === "text" && typeof content.text === "string" ? content.text : "";
}

function field(value: unknown, name: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  const found = (value as Record<string, unknown>)[name];
  return typeof found === "string" ? found : null;
}

function choicesOf(options: readonly SessionConfigOption[]): readonly ConfigChoice[] {
  return options.flatMap((option) => {
    if (option.type !== "select") return [];
    const flat = option.options.flatMap((entry) => ("options" in entry ? entry.options : [entry]));
    const { id, name, currentValue } = option;
    return [{ id, name, value: currentValue, options: flat.map((entry) => ({ value: entry.value, name: entry.name })) }];
  });
}
