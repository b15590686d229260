import { describe, expect, test } from "vitest";

import { BlockSplitter, type Block } from "../../src/chat/blocks";

function split(text: string, size = text.length): Block[] {
  const splitter = new BlockSplitter();
  const blocks: Block[] = [];
  for (let at = 0; at < text.length; at += Math.max(1, size)) {
    blocks.push(...splitter.push(text.slice(at, at + Math.max(1, size))));
  }
  return [...blocks, ...splitter.end()];
}

const SAMPLE = [
  "# Title",
  "",
  "A paragraph",
  "of two lines.",
  "",
  "- one",
  "",
  "  more of one",
  "- two",
  "",
  "```dataviewjs",
  "dv.pages()",
  "",
  "```",
  "After.",
].join("\n");

describe("a reply in blocks", () => {
  test("paragraphs, lists and fences are blocks of their own", () => {
    expect(split(SAMPLE)).toEqual([
      { kind: "text", text: "# Title" },
      { kind: "text", text: "A paragraph\nof two lines." },
      { kind: "text", text: "- one\n\n  more of one\n- two" },
      { kind: "code", language: "dataviewjs", text: "dv.pages()\n" },
      { kind: "text", text: "After." },
    ]);
  });

  test.each([1, 2, 3, 7, 64])("chunks of %i characters give the same blocks", (size) => {
    expect(split(SAMPLE, size)).toEqual(split(SAMPLE));
  });

  test("a fence that never closes is code to the end", () => {
    expect(split("before\n~~~js\nalert(1)")).toEqual([
      { kind: "text", text: "before" },
      { kind: "code", language: "js", text: "alert(1)" },
    ]);
  });

  test("a shorter run, or one of the other mark, does not close a fence", () => {
    expect(split("````\n```\n~~~~\n````")).toEqual([{ kind: "code", language: "", text: "```\n~~~~" }]);
  });

  test("a fence in a list is code, without its indentation", () => {
    expect(split("- item\n  ```py\n  x = 1\n  ```\n- next")).toEqual([
      { kind: "text", text: "- item" },
      { kind: "code", language: "py", text: "x = 1" },
      { kind: "text", text: "- next" },
    ]);
  });

  test("what is pending is the text of the block that is not finished", () => {
    const splitter = new BlockSplitter();
    expect(splitter.push("First.\n\nSec")).toEqual([]);
    expect(splitter.pending).toBe("First.\n\nSec");
    expect(splitter.push("ond\nline")).toEqual([{ kind: "text", text: "First." }]);
    expect(splitter.pending).toBe("Second\nline");
  });
});
