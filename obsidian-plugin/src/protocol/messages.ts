/** What goes over the wire: the Agent Client Protocol's types, and ours in `_meta.commonplace`. */

import type { SessionNotification } from "@agentclientprotocol/sdk";

export type {
  AvailableCommand,
  PermissionOption,
  PromptResponse,
  RequestPermissionRequest,
  RequestPermissionResponse,
  SessionInfo,
  SessionMode,
  SessionUpdate,
  StopReason,
  ToolCallContent,
  ToolCallStatus,
} from "@agentclientprotocol/sdk";

export type Access = "read" | "write";

export interface Ended {
  readonly reason: string;
  readonly reply?: string;
  readonly error?: string | null;
  readonly advice?: string | null;
}

/** `_meta.commonplace` of a `session/update`. */
export interface OurMeta {
  /** The update's place in its session, counted from 1. */
  readonly seq?: number;
  readonly turn?: string;
  readonly path?: string;
  readonly access?: Access;
  readonly code_delta?: string;
  readonly milliseconds?: number;
  /** What a step cost, in tokens and milliseconds, as far as it is known. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly notice?: boolean;
  readonly deleted?: boolean;
  readonly ended?: Ended;
  /** The client's own name of the prompt that began the turn. */
  readonly prompt_id?: string;
  /** A question to the user that was put, or answered where there is an outcome. */
  readonly permission?: { readonly question: string; readonly outcome: string | null };
  /** In `session/request_permission`: the question's name. */
  readonly question?: string;
}

/** A note was read or written by a turn on the vault, whoever began it: `_commonplace/touched`. */
export interface Touched {
  readonly path: string;
  readonly access: Access;
  readonly turn: string;
}

export type Update = SessionNotification;

/** Updates that left together: `_commonplace/updates`. */
export interface Updates {
  readonly updates: readonly Update[];
}

export function metaOf(message: { readonly _meta?: unknown }): OurMeta {
  const meta = message._meta;
  if (typeof meta !== "object" || meta === null || !("commonplace" in meta)) return {};
  const ours = meta.commonplace;
  return typeof ours === "object" && ours !== null ? ours : {};
}

/** ACP's major version, spoken at `/acp`. */
export const PROTOCOL_VERSION = 1;

/** JSON-RPC errors that have a meaning of ours. */
export const TURN_FAILED = -32001;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
