/** A reply as it streams: text at once, markdown when a block is finished. */

import { type Block, BlockSplitter } from "./blocks";
import { add, addButton } from "./dom";
import { makeHarmless, splitAtMarks } from "./harmless";
import type { ChatHost } from "./host";

/** A longer block stays plain text: rendering it would hold the window up. */
const LONGEST_RENDERED = 20_000;
const PIECE = 4_000;

export class ReplyView {
  private readonly splitter = new BlockSplitter();
  private readonly pendingElement: HTMLElement;
  private tail: { readonly node: Text; length: number } | null = null;
  private taken = 0;
  private ended = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly host: ChatHost,
    private readonly finished: (text: string) => void,
    private readonly grown: () => void,
  ) {
    this.pendingElement = add(element, "div", { cls: "commonplace-pending" });
  }

  /** Shows the reply so far; it only ever grows. */
  update(reply: string, ended: boolean): void {
    if (this.ended) return;
    const chunk = reply.slice(this.taken);
    this.taken = reply.length;
    if (chunk !== "") this.show(this.splitter.push(chunk), chunk);
    if (ended) {
      this.ended = true;
      this.show(this.splitter.end(), "");
      this.pendingElement.remove();
    }
  }

  private show(blocks: readonly Block[], chunk: string): void {
    if (blocks.length === 0) {
      this.appendPending(chunk);
      return;
    }
    for (const block of blocks) this.showBlock(block);
    this.pendingElement.textContent = "";
    this.tail = null;
    if (!this.ended) this.appendPending(this.splitter.pending);
  }

  /** Appends in pieces of a few thousand characters: the browser lays out again only the last one. */
  private appendPending(text: string): void {
    let rest = text;
    while (rest !== "") {
      if (this.tail === null || this.tail.length >= PIECE) {
        const piece = add(this.pendingElement, "div", { text: " " });
        this.tail = { node: piece.firstChild as Text, length: 0 };
        this.tail.node.data = "";
      }
      const part = rest.slice(0, PIECE - this.tail.length);
      this.tail.node.appendData(part);
      this.tail.length += part.length;
      rest = rest.slice(part.length);
    }
  }

  private showBlock(block: Block): void {
    const place = add(this.element, "div", { cls: "commonplace-block" });
    this.pendingElement.before(place);
    this.finished(block.text);
    if (block.kind === "code") showCode(place, block.text, block.language, this.host);
    else if (block.text.length > LONGEST_RENDERED) showPlain(place, block.text);
    else void showMarkdown(place, block.text, this.host).then(this.grown);
  }
}

async function showMarkdown(place: HTMLElement, text: string, host: ChatHost): Promise<void> {
  const { markdown, code } = makeHarmless(text);
  try {
    await host.render(markdown, place);
  } catch {
    showPlain(place, text);
    return;
  }
  strip(place);
  restoreCode(place, code);
  for (const table of place.querySelectorAll("table")) frameTable(table);
}

/** A table may be wider than the chat: a frame scrolls it, by keyboard too. */
function frameTable(table: HTMLTableElement): void {
  const frame = add(table.parentElement ?? table, "div", { cls: "commonplace-table", attributes: { role: "group", "aria-label": "Table", tabindex: "0" } });
  table.replaceWith(frame);
  frame.append(table);
}

export function showCode(place: HTMLElement, text: string, language: string, host: ChatHost): void {
  const frame = add(place, "div", { cls: "commonplace-code" });
  const pre = add(frame, "pre", { attributes: { tabindex: "0", "aria-label": language === "" ? "Code" : `Code, ${language}` } });
  add(pre, "code", { text });
  addButton(frame, "Copy", () => void host.copy(text), {
    cls: "commonplace-copy clickable-icon",
    icon: (element) => host.setIcon(element, "copy"),
  });
}

function showPlain(place: HTMLElement, text: string): void {
  for (let at = 0; at < text.length; at += PIECE) {
    add(place, "div", { cls: "commonplace-plain", text: text.slice(at, at + PIECE) });
  }
}

const UNWANTED = "script, style, link, iframe, object, embed, img, video, audio, form, svg, meta, base";

/** Nothing of this should be left after makeHarmless; a renderer with surprises does no harm either. */
function strip(place: HTMLElement): void {
  for (const element of place.querySelectorAll(UNWANTED)) element.remove();
}

function restoreCode(place: HTMLElement, code: readonly string[]): void {
  if (code.length === 0) return;
  const walker = place.ownerDocument.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode() !== null) texts.push(walker.currentNode as Text);
  for (const node of texts) {
    const parts = splitAtMarks(node.data, code);
    if (parts.length === 1 && typeof parts[0] === "string") continue;
    const parent = node.parentElement ?? place;
    const made = parts.map((part) => (typeof part === "string" ? part : add(parent, "code", { text: part.code })));
    node.replaceWith(...made);
  }
}
