import { expect, test } from "vitest";

import { listSessions } from "../../src/session/listing";
import type { DaemonRequest } from "../../src/session/request";

/** A daemon with so many sessions, told 50 at a time. */
function daemonWith(count: number): { readonly request: DaemonRequest; readonly asked: object[] } {
  const asked: object[] = [];
  const answer = (_: string, params: object): unknown => {
    asked.push(params);
    const from = "cursor" in params ? Number(params.cursor) : 0;
    const to = Math.min(count, from + 50);
    const sessions = Array.from({ length: to - from }, (_, at) => ({ sessionId: `s${from + at}`, cwd: "/vault" }));
    return { sessions, nextCursor: to < count ? String(to) : null };
  };
  return { request: ((method, params) => Promise.resolve(answer(method, params))) as DaemonRequest, asked };
}

test.each([0, 50, 51, 230])("all of %i sessions are listed, in their order", async (count) => {
  const sessions = await listSessions(daemonWith(count).request, "/vault");
  expect(sessions.map((session) => session.sessionId)).toEqual(Array.from({ length: count }, (_, at) => `s${at}`));
});

test("a vault with sessions without end is not listed for ever", async () => {
  const { request, asked } = daemonWith(1_000_000);
  expect((await listSessions(request, "/vault")).length).toBe(2_000);
  expect(asked.length).toBe(40);
});
