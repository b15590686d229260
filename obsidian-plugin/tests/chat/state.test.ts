// @vitest-environment jsdom
/** Without a daemon the chat says what to do: a button where it can be started, else a command to copy. */

import { beforeEach, expect, test, vi } from "vitest";

import { add } from "../../src/chat/dom";
import type { ChatHost, DaemonHelp } from "../../src/chat/host";
import { StateView } from "../../src/chat/state";
import { AT_FIRST } from "../../src/session/state";

const ABSENT = { ...AT_FIRST, link: { kind: "absent", attempt: 1 } as const };
const READY = { kind: "ready", welcome: { version: "0.1.0", model: "reader", modelHost: null } } as const;
let parent: HTMLElement;
const copy = vi.fn(() => Promise.resolve());
const reconnect = vi.fn();
const register = vi.fn(() => Promise.resolve());
const left = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  document.body.textContent = "";
  parent = add(document.body, "div");
});

async function shown(daemon: Partial<DaemonHelp>): Promise<void> {
  const help = { installCommand: "install it", startCommand: () => Promise.resolve(null), start: null, ...daemon };
  const host = { daemon: help, copy, setIcon: () => undefined } as unknown as ChatHost;
  new StateView(parent, host, { reconnect, register, left }).update(ABSENT);
  await vi.waitFor(() => expect(parent.textContent).toContain("does not run"));
}

function press(name: string): void {
  [...parent.querySelectorAll("button")].find((button) => (button.getAttribute("aria-label") ?? button.textContent) === name)?.click();
}

test("where nothing is installed it gives the command that installs, to copy", async () => {
  await shown({});
  expect(parent.querySelector("code")?.textContent).toBe("install it");
  press("Copy the command");
  expect(copy).toHaveBeenCalledExactlyOnceWith("install it");
});

test("where the command is known it starts it, and looks for the daemon", async () => {
  const start = vi.fn(() => Promise.resolve());
  await shown({ startCommand: () => Promise.resolve("/opt/commonplace serve"), start });
  press("Start the daemon");
  await vi.waitFor(() => expect(reconnect).toHaveBeenCalledOnce());
  expect(start).toHaveBeenCalledOnce();
});

test("where the start fails it gives the command", async () => {
  await shown({ startCommand: () => Promise.resolve("/opt/commonplace serve"), start: () => Promise.reject(new Error("no")) });
  press("Start the daemon");
  await vi.waitFor(() => expect(parent.querySelector("code")?.textContent).toBe("/opt/commonplace serve"));
  expect(parent.querySelector('[role="alert"]')?.textContent).toContain("could not be started");
  expect(reconnect).not.toHaveBeenCalled();
});

test("where no program can be started it gives the command alone", async () => {
  await shown({ startCommand: () => Promise.resolve("/opt/commonplace serve") });
  expect(parent.querySelector("code")?.textContent).toBe("/opt/commonplace serve");
  expect(parent.textContent).not.toContain("Start the daemon");
});

test("what keeps a vault from being registered is said once, however often one tries", async () => {
  register.mockRejectedValue(new Error("That folder is outside the vault."));
  const view = new StateView(parent, { setIcon: () => undefined } as unknown as ChatHost, { reconnect, register, left });
  view.update({ ...AT_FIRST, link: READY, problem: { kind: "unregistered", text: "" } });
  parent.querySelector("input")?.focus();
  for (const times of [1, 2]) {
    press("Use this vault");
    await vi.waitFor(() => expect(register).toHaveBeenCalledTimes(times));
    await vi.waitFor(() => expect(parent.textContent.split("outside the vault").length).toBe(2));
  }
  expect(left).not.toHaveBeenCalled();
  view.update({ ...AT_FIRST, link: READY, problem: null });
  expect(left).toHaveBeenCalledOnce();
});
