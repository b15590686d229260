// @vitest-environment jsdom
/** Each view in the app's stand-in: it shows what it is for, and leaves nothing when it goes. */

import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { App, WorkspaceLeaf } from "obsidian-test-mocks/obsidian";
import { setup, teardown } from "obsidian-test-mocks/setup";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import type { DaemonHelp } from "../src/chat/host";
import type { Origin } from "../src/memory/origin";
import type { OriginActions } from "../src/memory/origin-card";
import type { DaemonRequest } from "../src/session/request";

const HELP: DaemonHelp = { installCommand: "install it", startCommand: () => Promise.resolve(null), start: null };
const NOTHING: OriginActions = {
  openChat: () => undefined,
  undo: () => Promise.resolve(),
  planToForget: () => Promise.reject(new Error("no")),
  forget: () => Promise.resolve(),
};
const ORIGIN: Origin = {
  path: "user.md", line: 2, text: "- job_title: Baker", writer: "turn", session: "s", turn: "s-1",
  asked: "I am a baker", time: 1_700_000_000, written: "- job_title: Baker", edited: false,
};

/** What stands on a window or a document since, and was not taken away. */
class Listeners {
  private readonly held = new Set<unknown>();
  private readonly spies = [window, document].flatMap((target) => [
    vi.spyOn(target, "addEventListener").mockImplementation((_: string, listener: unknown) => void this.held.add(listener)),
    vi.spyOn(target, "removeEventListener").mockImplementation((_: string, listener: unknown) => void this.held.delete(listener)),
  ]);

  get left(): number {
    return this.held.size;
  }

  stop(): void {
    for (const spy of this.spies) spy.mockRestore();
  }
}

let listeners: Listeners;
beforeAll(() => setup());
afterAll(() => teardown());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "requestAnimationFrame", "cancelAnimationFrame"] });
  listeners = new Listeners();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  expect(listeners.left).toBe(0);
  listeners.stop();
  vi.useRealTimers();
  document.body.textContent = "";
});

async function conversationOf(vault: string) {
  const { Conversation } = await import("../src/session/conversation");
  return new Conversation(vault, {
    name: "test",
    discover: () => Promise.resolve(null),
    open: () => {
      throw new Error("nobody is there");
    },
    later: (milliseconds, call) => {
      const timer = window.setTimeout(call, milliseconds);
      return () => window.clearTimeout(timer);
    },
  });
}

function leafOf(): never {
  return WorkspaceLeaf.create2__(App.createConfigured__({ files: { "user.md": "# Me\n" } })) as never;
}

interface Opened {
  onOpen(): Promise<void>;
  onClose(): Promise<void>;
}

test("the chat says that no daemon runs, and leaves nothing when it closes", async () => {
  const [{ ChatPane }, conversation] = [await import("../src/obsidian/view"), await conversationOf("/notes")];
  const pane = new ChatPane(leafOf(), conversation, HELP);
  await (pane as unknown as Opened).onOpen();
  conversation.start();
  await vi.advanceTimersByTimeAsync(50);
  expect(pane.contentEl.textContent).toContain("install it");
  expect(pane.contentEl.querySelector('[role="log"]')).not.toBeNull();
  await (pane as unknown as Opened).onClose();
  conversation.stop();
  pane.unload();
  expect(pane.contentEl.querySelector(".commonplace-chat")).toBeNull();
});

test("the memory shows its facts with where they come from, and leaves nothing when it closes", async () => {
  const [{ MemoryPane }, { Memory }, conversation] = [await import("../src/obsidian/memory-pane"), await import("../src/memory/memory"), await conversationOf("/notes")];
  const note = { path: "user.md", title: "Me", time: 1, facts: [{ line: 2, key: "job_title", value: "Baker", origin: ORIGIN }] };
  const request = (() => Promise.resolve({ notes: [note], total: 1 })) as DaemonRequest;
  const pane = new MemoryPane(leafOf(), conversation, new Memory("/notes", request), NOTHING, { has: () => false, keep: () => undefined }, HELP);
  pane.load();
  await (pane as unknown as Opened).onOpen();
  expect(pane.contentEl.querySelector(".commonplace-fact")?.textContent).toContain("job_title: Baker");
  expect(pane.contentEl.textContent).toContain("I am a baker");
  await (pane as unknown as Opened).onClose();
  pane.unload();
  expect(pane.contentEl.textContent).toBe("");
  expect(pane.contentEl.className).not.toContain("commonplace");
});

test("every setting has a name, a sentence and a key that is kept", async () => {
  const { CommonplaceSettingTab, DEFAULTS } = await import("../src/settings");
  const owner = { settings: DEFAULTS, settingsChanged: vi.fn(() => Promise.resolve()) };
  const tab = new CommonplaceSettingTab({} as never, owner as never);
  const definitions = tab.getSettingDefinitions() as { name: string; desc: string; control?: { key: string } }[];
  for (const { name, desc, control } of definitions) {
    expect([name, desc]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
    if (control !== undefined) expect(Object.keys(DEFAULTS)).toContain(control.key);
  }
  await tab.setControlValue("filters", "do not tell my age");
  expect(owner.settings.filters).toBe("do not tell my age");
  expect(owner.settingsChanged).toHaveBeenCalledOnce();
});

test("the setting that is drawn by hand, the token's, is there with a port, and leaves nothing when it closes", async () => {
  const { CommonplaceSettingTab, DEFAULTS } = await import("../src/settings");
  const owner = { settings: { ...DEFAULTS, port: 4711 }, settingsChanged: () => Promise.resolve() };
  const tab = new CommonplaceSettingTab({} as never, owner as never);
  document.body.append(tab.containerEl);
  const drawn = tab as unknown as { settingItems: object[]; renderTab__(): void };
  drawn.settingItems = tab.getSettingDefinitions().filter((definition) => "render" in definition);
  drawn.renderTab__();
  expect(tab.containerEl.textContent).toContain("Token");
  tab.hide();
  expect(tab.containerEl.childElementCount).toBe(0);
});

test("the explorer's marks stand at the notes, and go without a trace", async () => {
  const { ExplorerMarks } = await import("../src/highlight/explorer");
  const item = document.body.createDiv({ cls: "nav-file-title" });
  const before = document.body.innerHTML;
  const app = { workspace: { getLeavesOfType: () => [{ view: { fileItems: { "user.md": { selfEl: item } } } }] } };
  const marks = new ExplorerMarks(app as never);
  marks.show(new Map([["user.md", { mark: "written", turn: "s-1" }]]));
  expect(item.className).toContain("commonplace-is-written");
  expect(item.querySelector('[role="img"]')?.getAttribute("aria-label")).toBe("Written by the agent");
  marks.clear();
  expect(document.body.innerHTML).toBe(before);
});

test.each([null, {}, { fileItems: null }, { fileItems: [] }, { fileItems: { "user.md": {} } }, { fileItems: { "user.md": { selfEl: "x" } } }])(
  "an explorer of another shape, %j, gets no marks",
  async (view) => {
    const { ExplorerMarks } = await import("../src/highlight/explorer");
    const marks = new ExplorerMarks({ workspace: { getLeavesOfType: () => [{ view }] } } as never);
    marks.show(new Map([["user.md", { mark: "read", turn: "s-1" }]]));
    expect(document.querySelector(".commonplace-explorer-mark")).toBeNull();
  },
);

test("a line that a turn wrote has a sign beside it, which goes with the editor", async () => {
  const { originGutter, showOrigins } = await import("../src/highlight/origin-gutter");
  listeners.stop();
  const view = new EditorView({ parent: document.body, state: EditorState.create({ doc: "# Me\n- job_title: Baker\n", extensions: originGutter(NOTHING) }) });
  showOrigins(view, [ORIGIN]);
  expect(document.querySelectorAll(".commonplace-origin-mark").length).toBe(1);
  showOrigins(view, []);
  expect(document.querySelectorAll(".commonplace-origin-mark").length).toBe(0);
  view.destroy();
  expect(document.body.textContent).toBe("");
});
