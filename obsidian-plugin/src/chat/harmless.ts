/**
 * Markdown of a model, made harmless before anything renders it. Pure.
 *
 * Rendering is where the danger is: Obsidian runs every plugin's processors on what it renders, so that a query
 * runs and a remote image loads before anybody could look at the result. What is left after this is text,
 * emphasis, headings, lists, tables, quotes and links to notes and to the web. Code is cut out and put back as
 * plain text by `restoreCode`, so that no processor ever sees it; fences never come here (blocks.ts).
 */

export interface Harmless {
  readonly markdown: string;
  /** The code spans, in order; each stands in the markdown as a mark made of private-use characters. */
  readonly code: readonly string[];
}

const OPEN = "\uE000";
const CLOSE = "\uE001";
const PRIVATE = /[\uE000\uE001]/g;
const MARK = /\uE000(\d+)\uE001/;

/** In a longer line no code spans are looked for: the search takes the square of the line's length. */
const LONGEST_LINE = 4_000;
const SPAN = /(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g;
const ALLOWED_TARGET = /^\s*<?(?:https?:\/\/|mailto:|#|[^\s:&\\<>)]+[\s>)])/i;

export function makeHarmless(text: string): Harmless {
  const code: string[] = [];
  const mark = (_whole: string, _ticks: string, inside: string): string => {
    code.push(inside.length > 2 && inside.startsWith(" ") && inside.endsWith(" ") ? inside.slice(1, -1) : inside);
    return `${OPEN}${code.length - 1}${CLOSE}`;
  };
  const lines = text.replace(PRIVATE, "").split("\n");
  const harmless = lines.map((line) => harmlessLine(line.length > LONGEST_LINE ? line : line.replace(SPAN, mark)));
  return { markdown: harmless.join("\n"), code };
}

/** The parts of a rendered text between and inside the marks. */
export function splitAtMarks(text: string, code: readonly string[]): (string | { readonly code: string })[] {
  return text
    .split(/(\uE000\d+\uE001)/)
    .filter((part) => part !== "")
    .map((part) => {
      const index = MARK.exec(part)?.[1];
      return index === undefined ? part : { code: code[Number(index)] ?? "" };
    });
}

/** The text without its marks, for a place that shows text only. */
export function withoutMarks(text: string, code: readonly string[]): string {
  return splitAtMarks(text, code)
    .map((part) => (typeof part === "string" ? part : part.code))
    .join("");
}

function harmlessLine(line: string): string {
  return unlinked(line)
    .replace(/`/g, "\\`")
    .replace(/~{3,}/g, (run) => "\\~".repeat(run.length))
    .replace(/\$/g, "\\$")
    .replace(/%%/g, "\\%\\%")
    .replace(/<(?=[A-Za-z/!?%])/g, "&lt;")
    .replace(/!+(?=\[)/g, "")
    .replace(/^([ \t]*)=/, "$1\\=")
    .replace(/\b(?!https?:)([a-z][a-z0-9+.-]*):\/\//gi, "$1:\\//");
}

/** Breaks each link whose target is of another kind than the web, mail or a note, and each link definition. */
function unlinked(line: string): string {
  return line
    .replace(/\]:/g, "]\\:")
    .replace(/\]\((.*?(?:\)|$))/g, (whole, target: string) =>
      ALLOWED_TARGET.test(target) ? whole : `]\\(${target}`,
    );
}
