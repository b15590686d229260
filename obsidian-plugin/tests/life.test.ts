// @vitest-environment jsdom
import { App } from "obsidian-test-mocks/obsidian";
import { setup, teardown } from "obsidian-test-mocks/setup";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";

beforeAll(() => setup());
afterAll(() => teardown());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function pluginOf(notes: Record<string, string>) {
  const { default: CommonplacePlugin } = await import("../src/main");
  return new CommonplacePlugin(App.createConfigured__({ files: notes }) as never, { id: "commonplace", version: "0.1.0" } as never);
}

test("what the plugin registers is gone when it unloads: no timer and no element", async () => {
  const begun = vi.spyOn(window, "setInterval");
  const ended = vi.spyOn(window, "clearInterval");
  const plugin = await pluginOf({ "user.md": "# Me\n" });
  plugin.load();
  await vi.waitFor(() => expect(begun).toHaveBeenCalled());
  plugin.unload();
  const timers = begun.mock.results.map(({ value }) => value as unknown);
  expect(ended.mock.calls.map(([timer]) => timer as unknown)).toEqual(timers);
  expect(document.querySelectorAll('[class*="commonplace"]').length).toBe(0);
});

test("after a sleep of the machine the daemon is looked for at once", async () => {
  const { Conversation } = await import("../src/session/conversation");
  const [begun, reconnect] = [vi.spyOn(window, "setInterval"), vi.spyOn(Conversation.prototype, "reconnect")];
  vi.useFakeTimers({ toFake: ["Date"] });
  const plugin = await pluginOf({});
  plugin.load();
  await vi.waitFor(() => expect(begun).toHaveBeenCalled());
  const tick = begun.mock.calls[0]?.[0] as () => void;
  vi.setSystemTime(Date.now() + 5_000);
  tick();
  expect(reconnect).not.toHaveBeenCalled();
  vi.setSystemTime(Date.now() + 3_600_000);
  tick();
  expect(reconnect).toHaveBeenCalledOnce();
  plugin.unload();
});
