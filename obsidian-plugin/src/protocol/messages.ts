/** What goes over the wire: the Agent Client Protocol's types, and ours in `_meta.commonplace`. */

import type { SessionNotification } from "@agentclientprotocol/sdk";

import type { QuestionMeta, TouchedNote, UpdateMeta } from "./wire";

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

export type Access = TouchedNote["access"];

/** `_meta.commonplace` of what the daemon sends by itself: an update, or a question to the user. */
export type OurMeta = UpdateMeta & Partial<Pick<QuestionMeta, "question">>;

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
