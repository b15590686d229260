import { describe, expect, test } from "vitest";

import { changedLines } from "../src/highlight/lines";
import { type Marks, NO_MARKS, dismissed, rolledUp, touched, undone, updated } from "../src/highlight/marks";
import type { Update } from "../src/protocol/messages";
import { ROOT, Script } from "./session/updates";

function after(marks: Marks, ...updates: Update[]): Marks {
  return updates.reduce((known, update) => updated(known, update, ROOT), marks);
}

function shown(marks: Marks): Record<string, string> {
  return Object.fromEntries([...marks.notes].map(([path, { mark }]) => [path, mark]));
}

describe("marks", () => {
  const script = new Script("a-1");
  const working = after(NO_MARKS, ...script.read("user.md"), ...script.begin("u", "x"), script.touch("entities/dria.md", "write"), script.change("entities/dria.md", "a\n", "a\nb\n"));

  test("tell what was read from what is being written, and from what is written", () => {
    expect(shown(working)).toEqual({ "user.md": "read", "entities/dria.md": "active" });
    expect(shown(after(working, script.finish("Changed")))).toEqual({ "user.md": "read", "entities/dria.md": "written" });
  });

  test("a note that is read after it was written stays written", () => {
    expect(shown(after(working, script.finish("Changed"), ...script.read("entities/dria.md")))["entities/dria.md"]).toBe("written");
  });

  test("go when the next turn touches a note, but the changed lines stay until they are dismissed", () => {
    const ended = after(working, script.end());
    const next = after(ended, ...new Script("a-2").read("user.md"));
    expect(shown(next)).toEqual({ "user.md": "read" });
    expect([...next.changes.keys()]).toEqual(["entities/dria.md"]);
    expect(dismissed(next, "entities/dria.md").changes.size).toBe(0);
    expect(dismissed(next, null).notes.size).toBe(0);
  });

  test("go where their turn is taken back, and stay where another turn wrote since", () => {
    const ended = after(working, script.finish("Changed"), script.end());
    const back = undone(ended, { path: "entities/dria.md", turn: "a-1" });
    expect([shown(back), back.changes.size]).toEqual([{ "user.md": "read" }, 0]);
    const rewritten = touched(ended, { path: "entities/dria.md", access: "write", turn: "b-1" });
    expect(undone(rewritten, { path: "entities/dria.md", turn: "a-1" })).toEqual(rewritten);
  });

  test("another client's turn marks its notes, too, and leaves those of a turn that still runs", () => {
    const both = touched(working, { path: "entities/eve.md", access: "write", turn: "b-1" });
    expect(shown(both)).toEqual({ "user.md": "read", "entities/dria.md": "active", "entities/eve.md": "written" });
  });

  test("roll up to folders, the strongest first", () => {
    expect(Object.fromEntries(rolledUp(working.notes))).toEqual({ "user.md": "read", "entities/dria.md": "active", entities: "active" });
  });
});

describe("the changed lines of a note", () => {
  const change = { path: "a.md", before: "one\ntwo\n", after: "one\nnew\ntwo\nlast\n" };

  test("are those that the agent wrote", () => {
    expect(changedLines(change, change.after)).toEqual([2, 4]);
  });

  test("move with what a human wrote since, and are the human's where they were edited", () => {
    expect(changedLines(change, "zero\none\nnew\ntwo\nlast, edited\n")).toEqual([3]);
  });

  test("are none in a note that was deleted", () => {
    expect(changedLines({ ...change, after: null }, "")).toEqual([]);
  });
});
