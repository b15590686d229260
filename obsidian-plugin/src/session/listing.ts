/** The sessions of a vault, of which the daemon tells 50 at a time. */

import type { ListSessionsResponse } from "@agentclientprotocol/sdk";

import type { SessionInfo } from "../protocol/messages";
import type { DaemonRequest } from "./request";

/** More than these nobody looks through; older ones are found by the command line. */
const MOST_PAGES = 40;

/** The latest first. */
export async function listSessions(request: DaemonRequest, vault: string): Promise<readonly SessionInfo[]> {
  const found: SessionInfo[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const place: object = cursor === null ? { cwd: vault } : { cwd: vault, cursor };
    const told: ListSessionsResponse = await request<ListSessionsResponse>("session/list", place);
    found.push(...told.sessions);
    cursor = told.nextCursor ?? null;
    if (cursor === null) break;
  }
  return found;
}
