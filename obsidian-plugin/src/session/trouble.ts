/** What went wrong, as it is told to the user. */

import { INVALID_PARAMS } from "../protocol/messages";
import { RpcError } from "../protocol/rpc";
import type { Problem } from "./state";

/** An error in words for the user. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** Something that keeps the conversation from going on. */
export function problemOf(error: unknown): Problem {
  const unknown = error instanceof RpcError && error.code === INVALID_PARAMS && /not a registered vault/.test(error.message);
  return { kind: unknown ? "unregistered" : "failed", text: wordsOf(error) };
}
