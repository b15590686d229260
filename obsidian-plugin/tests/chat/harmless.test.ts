import MarkdownIt from "markdown-it";
import { describe, expect, test } from "vitest";

import { makeHarmless, splitAtMarks, withoutMarks } from "../../src/chat/harmless";

/** A renderer that allows everything: what is harmless here is harmless anywhere. */
const anything = new MarkdownIt({ html: true, linkify: true });
anything.validateLink = () => true;

function rendered(text: string): string {
  return anything.render(makeHarmless(text).markdown);
}

describe("a model's markdown", () => {
  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a `<b` c <iframe src=https://example.org>",
    "| `<img src=x> | ` |\n|-|-|\n| a | b |",
    "`never closed <script>alert(1)</script>",
    "one ` two\n\n<script>alert(1)</script> ` three",
    "<!-- comment --><div>",
    "<%* tp.file.delete() %>",
  ])("no html comes out of %j", (text) => {
    expect(rendered(text)).not.toMatch(/<(script|img|iframe|div|b|!--|%)/i);
  });

  test.each([
    "[x](javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java&#115;cript:alert(1))",
    "[x](java\\script:alert(1))",
    "[x](\njavascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](obsidian://advanced-uri?commandid=delete)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "> [y]: data:text/html,x\n\n[x][y]",
    "obsidian://open?vault=x",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
  ])("no link to another scheme comes out of %j", (text) => {
    expect(rendered(text)).not.toMatch(/href="?\s*(?!https?:|mailto:)[a-z]+(:|&)/i);
  });

  test.each(["![a](https://example.org/x.png)", "![a][b]\n\n[b]: https://example.org/x.png", "!![a](https://x.example/y)"])(
    "no image loads from %j",
    (text) => {
      expect(rendered(text)).not.toContain("<img");
    },
  );

  test("an embed becomes a link", () => {
    expect(makeHarmless("![[secret.md]]").markdown).toBe("[[secret.md]]");
  });

  test.each(["`= this.file.name`", "`$= dv.pages()`", "- ```dataviewjs\n  x", "> ~~~dataviewjs\n> x", "x\n\n    = this.a"])(
    "no code element that a plugin would run comes out of %j",
    (text) => {
      expect(rendered(text)).not.toMatch(/<code[^>]*>\s*(\$?=|<)|language-/);
    },
  );

  test("code spans come back as they were, wherever they stood", () => {
    const { markdown, code } = makeHarmless("Use `a < b`, `` x ` y `` and `= now`.");
    expect(code).toEqual(["a < b", "x ` y", "= now"]);
    expect(withoutMarks(markdown, code)).toBe("Use a < b, x ` y and = now.");
    expect(splitAtMarks(markdown, code).filter((part) => typeof part !== "string")).toHaveLength(3);
  });

  test("marks that a model wrote itself are not taken for ours", () => {
    const { markdown, code } = makeHarmless("\uE0000\uE001 `x`");
    expect(withoutMarks(markdown, code)).toBe("0 x");
  });

  test("what people write stays as it reads", () => {
    const html = rendered("**Oslo** costs $5 < $10, see [the site](https://example.org/a?b=1&c=2) & [[entities/dria.md]].");
    expect(html).toContain("<strong>Oslo</strong> costs $5 &lt; $10");
    expect(html).toContain('href="https://example.org/a?b=1&amp;c=2"');
    expect(html).toContain("[[entities/dria.md]]");
  });

  test.each(["[a](entities/dria.md)", "[a](<People/Jane Doe.md>)", "[a](#heading)", "[a](mailto:a@example.org)"])(
    "%s stays a link",
    (text) => {
      expect(rendered(text)).toContain("<a href=");
    },
  );
});
