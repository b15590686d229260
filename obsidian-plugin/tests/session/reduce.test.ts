import { describe, expect, test } from "vitest";

import type { Update } from "../../src/protocol/messages";
import { EMPTY, type Session, runningTurn } from "../../src/session/model";
import { type Action, inVault, reduce } from "../../src/session/reduce";
import { changesOf, counts, reached, summary, touchesOf } from "../../src/session/words";
import { ROOT, Script } from "./updates";

function after(session: Session, ...updates: Update[]): Session {
  return reduce(session, { kind: "updated", updates, root: ROOT });
}

function asked(question: string): Session {
  return reduce({ ...EMPTY, id: "s" }, { kind: "asked", question, promptId: "p" });
}

function lastTurn(session: Session) {
  const turn = session.turns.at(-1);
  if (turn === undefined) throw new Error("There is no turn.");
  return turn;
}

describe("a turn", () => {
  const script = new Script("s-1");
  const updates = [
    script.thought("I look "),
    script.thought("at user.md."),
    ...script.read("user.md", '{"text": "- employer: [[entities/dria.md]]"}'),
    ...script.read("entities/dria.md"),
    ...script.begin("update", "Change user.md"),
    script.touch("user.md", "write"),
    script.change("user.md", "a\n", "a\nb\n"),
    script.finish("Changed user.md"),
    script.reply("Done"),
    script.reply("."),
    script.notice("entities/x.md lost its last link."),
    script.end(),
  ];
  const session = after(asked("Add b"), ...updates);
  const turn = lastTurn(session);

  test("takes the place of the question that was sent, and ends", () => {
    expect(session.turns).toHaveLength(1);
    expect(turn).toMatchObject({ id: "s-1", question: "Add b", state: "ended", reply: "Done.", notices: ["entities/x.md lost its last link."] });
    expect(runningTurn(session)).toBeNull();
  });

  test("keeps each step's thought, code, result and time", () => {
    expect(turn.steps.map((step) => [step.title, step.thought, step.status])).toEqual([
      ["Read user.md", "I look at user.md.", "done"],
      ["Read entities/dria.md", "", "done"],
      ["Changed user.md", "", "done"],
    ]);
    expect(turn.steps[2]).toMatchObject({ code: "update", result: "{}", milliseconds: 1.5 });
  });

  test("is told in plain words", () => {
    expect(summary(turn)).toBe("Read entities/dria.md; changed user.md +1 −0");
    expect(touchesOf(turn)).toEqual([
      { path: "user.md", access: "write" },
      { path: "entities/dria.md", access: "read" },
    ]);
    expect(reached(turn, "entities/dria.md")).toBe("step 2 of 3, by a link in user.md");
    expect(reached(turn, "user.md")).toBe("step 1 of 3");
  });

  test("is the same when updates come twice, as a replay may send them", () => {
    expect(after(session, ...updates)).toBe(session);
  });

  test("of which the half was missed is whole after a replay", () => {
    const half = after(asked("Add b"), ...updates.slice(0, 6));
    const away = reduce(half, { kind: "disconnected" });
    expect(lastTurn(away).state).toBe("unknown");
    expect(after(away, ...updates)).toEqual(session);
  });
});

test("a turn of another client appears with its question", () => {
  const script = new Script("s-1");
  const said: Update = { sessionId: "s", update: { sessionUpdate: "user_message_chunk", content: { type: "text", text: "Who?" } }, _meta: { commonplace: { turn: "s-1" } } };
  expect(lastTurn(after(EMPTY, said, script.reply("Robin.")))).toMatchObject({ question: "Who?", reply: "Robin.", state: "running" });
});

test("the log's copy of a question that was typed here does not double it", () => {
  const said: Update = { sessionId: "s", update: { sessionUpdate: "user_message_chunk", content: { type: "text", text: "Who?" } }, _meta: { commonplace: { turn: "s-1" } } };
  expect(lastTurn(after(asked("Who?"), said)).question).toBe("Who?");
});

test("several writes of a note are one change, and none when the note is as it was", () => {
  const script = new Script("s-1");
  const steps = (...texts: string[]): Update[] =>
    texts.slice(1).flatMap((text, at) => [...script.begin("u", "Change"), script.change("a.md", texts[at] ?? "", text)]);
  expect(changesOf(lastTurn(after(EMPTY, ...steps("1\n", "2\n", "3\n"))))).toEqual([{ path: "a.md", before: "1\n", after: "3\n" }]);
  expect(changesOf(lastTurn(after(EMPTY, ...new Script("t").begin("u", "x"), ...steps("1\n", "2\n", "1\n"))))).toEqual([]);
});

test("a deleted note has no text after", () => {
  const script = new Script("s-1");
  const turn = lastTurn(after(EMPTY, ...script.begin("d", "Delete"), script.change("a.md", "x\n", "", true)));
  expect(changesOf(turn)).toEqual([{ path: "a.md", before: "x\n", after: null }]);
  expect(summary(turn)).toBe("Deleted a.md +0 −1");
});

test("a prompt that was refused ends its turn with the reason", () => {
  const end = { reason: "failed", error: "No.", advice: "Try." };
  expect(lastTurn(reduce(asked("x"), { kind: "answered", key: 0, end }))).toMatchObject({ state: "ended", end });
});

test("an end that was seen on the way is not replaced by the prompt's answer", () => {
  const ended = after(asked("x"), new Script("s-1").end("failed", "The model is away."));
  const answered = reduce(ended, { kind: "answered", key: 0, end: { reason: "failed", error: "Other.", advice: null } });
  expect(lastTurn(answered).end?.error).toBe("The model is away.");
});

test("a question of the daemon waits in its turn until it is answered", () => {
  const permission = { id: 1, question: "q", title: "Change user.md", changes: [], options: [] };
  const waiting = reduce(asked("x"), { kind: "permission-asked", permission });
  expect(lastTurn(waiting).permissions).toEqual([permission]);
  expect(lastTurn(reduce(waiting, { kind: "permission-given", id: 1 })).permissions).toEqual([]);
});

test("what was undone is remembered by its note", () => {
  const done = after(asked("x"), new Script("s-1").end());
  const undo: Action = { kind: "undone", turn: "s-1", paths: ["a.md"] };
  expect(lastTurn(reduce(reduce(done, undo), undo)).undone).toEqual(["a.md"]);
});

test.each([
  ["/vault/a.md", "/vault", "a.md"],
  ["C:\\Notes\\entities\\a.md", "C:\\Notes", "entities/a.md"],
  ["/elsewhere/a.md", "/vault", "/elsewhere/a.md"],
])("the path %s in %s is %s", (path, root, expected) => {
  expect(inVault(path, root)).toBe(expected);
});

test.each([
  [null, "a\nb\n", "+2 −0"],
  ["a\nb\n", "a\nc\nb\n", "+1 −0"],
  ["a\n", null, "+0 −1"],
  ["a\na\n", "a\n", "+0 −1"],
])("from %j to %j is %s", (before, text, expected) => {
  expect(counts({ path: "a.md", before, after: text })).toBe(expected);
});
