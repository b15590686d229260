// @vitest-environment jsdom
/** Links to entities are shown by the note's title; a note's name is hovered over for a preview. */

import { beforeEach, expect, test, vi } from "vitest";

import { add, addButton } from "../src/chat/dom";
import { noteLink } from "../src/chat/note-link";
import { entityTitles, showTitlesIn } from "../src/highlight/titles";
import { ObsidianHost } from "../src/obsidian/host";
import { VIEW_TYPE } from "../src/obsidian/view-type";

const HEADINGS: Readonly<Record<string, string>> = { "Memory/entities/dria.md": "Dria AI", "Memory/user.md": "Me" };
const trigger = vi.fn();
const app = {
  workspace: { trigger },
  vault: { getFileByPath: (path: string) => (path in HEADINGS ? { path } : null) },
  metadataCache: {
    getFirstLinkpathDest: (link: string) => {
      const path = Object.keys(HEADINGS).find((note) => note.endsWith(`${link.replace(/\.md$/, "")}.md`));
      return path === undefined ? null : { path };
    },
    getFileCache: ({ path }: { path: string }) => ({ headings: [{ level: 1, heading: HEADINGS[path] }] }),
  },
} as never;
let parent: HTMLElement;

beforeEach(() => {
  vi.clearAllMocks();
  document.body.textContent = "";
  parent = add(document.body, "div");
});

function read(...links: readonly (readonly [string, string])[]): string[] {
  for (const [target, text] of links) add(parent, "a", { cls: "internal-link", text, attributes: { "data-href": target } });
  return [...parent.querySelectorAll("a")].map((link) => link.textContent);
}

const LINKS = [["entities/dria", "entities/dria"], ["entities/dria", "my employer"], ["user", "user"], ["entities/nobody", "entities/nobody"]] as const;

test("in reading view a link to an entity has its title; one with a text of its own, or to another note, keeps its text", () => {
  read(...LINKS);
  showTitlesIn(parent, "Memory/user.md", entityTitles(app, () => "Memory", () => true));
  expect(read()).toEqual(["Dria AI", "my employer", "user", "entities/nobody"]);
});

test("where the setting is off links are as they are written", () => {
  const before = read(...LINKS);
  showTitlesIn(parent, "Memory/user.md", entityTitles(app, () => "Memory", () => false));
  expect(read()).toEqual(before);
});

test("a rest of the pointer on a note's name asks Obsidian for its preview, of a note that is there alone", () => {
  const host = new ObsidianHost(app, {} as never, {} as never, () => "Memory");
  for (const path of ["entities/dria.md", "entities/nobody.md"]) {
    noteLink(parent, path, host).dispatchEvent(new MouseEvent("mouseover"));
  }
  addButton(parent, "Elsewhere", () => undefined).dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  expect(trigger).toHaveBeenCalledExactlyOnceWith("hover-link", expect.objectContaining({ source: VIEW_TYPE, linktext: "Memory/entities/dria.md" }));
});
