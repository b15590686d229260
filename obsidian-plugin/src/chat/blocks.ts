/** A reply cut into blocks as it streams: a block is rendered once, when it is finished. Pure. */

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly language: string; readonly text: string };

const FENCE = /^[ \t]*(`{3,}|~{3,})[ \t]*([^`\s]*)[^`]*$/;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/;

interface Fence {
  readonly mark: string;
  readonly indent: number;
  readonly language: string;
}

/**
 * Takes chunks of markdown and gives the blocks that they finish.
 *
 * A fence is a block of its own wherever it stands, also in a list: code never reaches a markdown renderer.
 */
export class BlockSplitter {
  private lines: string[] = [];
  private partial = "";
  private fence: Fence | null = null;
  private blankSeen = false;

  /** The text of the block that is not finished. */
  get pending(): string {
    return [...this.lines, this.partial].join("\n");
  }

  push(chunk: string): Block[] {
    const parts = (this.partial + chunk).split("\n");
    this.partial = parts.pop() ?? "";
    return parts.flatMap((line) => this.take(line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  /** What is left when the reply has ended; a fence that never closed is code to the end. */
  end(): Block[] {
    const finished = this.partial === "" ? [] : this.take(this.partial);
    this.partial = "";
    const last = this.close();
    return last === null ? finished : [...finished, last];
  }

  private take(line: string): Block[] {
    return this.fence === null ? this.takeText(line) : this.takeCode(line, this.fence);
  }

  private takeCode(line: string, fence: Fence): Block[] {
    const stripped = line.trim();
    const closes = stripped.length >= fence.mark.length && stripped === fence.mark.charAt(0).repeat(stripped.length);
    if (!closes) {
      this.lines.push(dedent(line, fence.indent));
      return [];
    }
    const block = this.close();
    return block === null ? [] : [block];
  }

  private takeText(line: string): Block[] {
    const opened = FENCE.exec(line);
    if (opened !== null) {
      const before = this.close();
      this.fence = { mark: opened[1] ?? "", indent: line.length - line.trimStart().length, language: opened[2] ?? "" };
      return before === null ? [] : [before];
    }
    if (line.trim() === "") {
      this.blankSeen = this.lines.length > 0;
      if (this.blankSeen) this.lines.push(line);
      return [];
    }
    const ended = this.blankSeen && !this.continues(line) ? this.close() : null;
    this.blankSeen = false;
    this.lines.push(line);
    return ended === null ? [] : [ended];
  }

  /** After a blank line, an indented line belongs to what stands above it, and so does a further list item. */
  private continues(line: string): boolean {
    return /^[ \t]/.test(line) || (LIST_ITEM.test(line) && this.lines.some((above) => LIST_ITEM.test(above)));
  }

  private close(): Block | null {
    const { fence, lines } = this;
    this.lines = [];
    this.fence = null;
    this.blankSeen = false;
    if (fence !== null) return { kind: "code", language: fence.language.toLowerCase(), text: lines.join("\n") };
    const text = lines.join("\n").trimEnd();
    return text === "" ? null : { kind: "text", text };
  }
}

function dedent(line: string, most: number): string {
  let taken = 0;
  while (taken < most && (line[taken] === " " || line[taken] === "\t")) taken += 1;
  return line.slice(taken);
}
