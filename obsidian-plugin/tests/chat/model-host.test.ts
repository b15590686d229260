// @vitest-environment jsdom
/** For a model on another machine, the chat names its host and the notes that were sent to it. */

import { beforeEach, expect, test } from "vitest";

import { add } from "../../src/chat/dom";
import { Header } from "../../src/chat/header";
import type { ChatHost } from "../../src/chat/host";
import { TouchedStrip } from "../../src/chat/touched";
import { EMPTY } from "../../src/session/model";
import { reduce } from "../../src/session/reduce";
import { AT_FIRST } from "../../src/session/state";
import { ROOT, Script } from "../session/updates";

const host = { setIcon: () => undefined } as unknown as ChatHost;
const ACTIONS = { begin: () => undefined, list: () => undefined, setMode: () => undefined, setChoice: () => undefined, name: () => undefined };
let parent: HTMLElement;

beforeEach(() => {
  document.body.textContent = "";
  parent = add(document.body, "div");
});

function header(modelHost: string | null): string {
  const welcome = { version: "0.1.0", model: "qwen", modelHost };
  new Header(parent, host, ACTIONS).update({ ...AT_FIRST, link: { kind: "ready", welcome } }, "Notes");
  return parent.textContent;
}

function strip(modelHost: string | null): HTMLElement {
  const script = new Script("s-1");
  const session = reduce({ ...EMPTY, id: "s" }, { kind: "updated", updates: [...script.read("user.md"), ...script.read("entities/dria.md")], root: ROOT });
  new TouchedStrip(parent, host).update(session, modelHost);
  return parent;
}

test("the header names the host, and says that notes are sent there", () => {
  expect(header("gpu.example.org")).toContain("qwen on gpu.example.org: notes are sent there");
});

test("of a model on this machine the header says its name alone", () => {
  expect(header(null)).toContain("Notes · qwen");
  expect(parent.textContent).not.toContain("sent");
});

test("the strip says which notes were sent to the host", () => {
  const shown = strip("gpu.example.org");
  expect(shown.textContent).toBe("Sent to gpu.example.org:userdria");
  expect(shown.querySelector("button")?.title).toContain("sent to gpu.example.org");
});

test("the strip of a model on this machine speaks of nothing sent", () => {
  expect(strip(null).textContent).toBe("userdria");
});
