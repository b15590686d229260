// @vitest-environment jsdom
import { App } from "obsidian-test-mocks/obsidian";
import { setup, teardown } from "obsidian-test-mocks/setup";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

beforeAll(() => setup());
afterAll(() => teardown());

test("what the plugin registers is gone when it unloads: no timer and no element", async () => {
  const { default: CommonplacePlugin } = await import("../src/main");
  const app = App.createConfigured__({ files: { "user.md": "# Me\n" } });
  const begun = vi.spyOn(window, "setInterval");
  const ended = vi.spyOn(window, "clearInterval");
  const plugin = new CommonplacePlugin(app as never, { id: "commonplace", version: "0.1.0" } as never);
  plugin.load();
  await vi.waitFor(() => expect(begun).toHaveBeenCalled());
  plugin.unload();
  const timers = begun.mock.results.map(({ value }) => value as unknown);
  expect(ended.mock.calls.map(([timer]) => timer as unknown)).toEqual(timers);
  expect(document.querySelectorAll('[class*="commonplace"]').length).toBe(0);
});
