/** Markdown as the page renders it: markdown-it, then DOMPurify, which has the last word. */

import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

/** `[[note]]`, `[[note#heading]]` and `[[note|shown]]`, at the place that the reader has come to. */
const WIKILINK = /\[\[([^[\]|\n]{1,400})(?:\|([^[\]\n]{1,400}))?\]\]/y;

const TAGS = ["p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"];
const ATTRIBUTES = ["href", "class", "data-href", "start"];

const reader = new MarkdownIt({ html: false, linkify: false, breaks: true });

reader.inline.ruler.before("link", "wikilink", (state, silent) => {
  WIKILINK.lastIndex = state.pos;
  const found = WIKILINK.exec(state.src);
  if (found === null) return false;
  if (!silent) {
    const target = (found[1] ?? "").trim();
    const open = state.push("link_open", "a", 1);
    open.attrs = [["class", "internal-link"], ["data-href", target], ["href", "#"]];
    state.push("text", "", 0).content = found[2]?.trim() ?? target.replace(/\.md$/, "");
    state.push("link_close", "a", -1);
  }
  state.pos += found[0].length;
  return true;
});

/** The rendered text; links to notes are of the class `internal-link`, with their target in `data-href`. */
export function rendered(markdown: string): DocumentFragment {
  const made = DOMPurify.sanitize(reader.render(markdown), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|[^a-z]|[^:]+$)/i,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of made.querySelectorAll("a")) mend(link);
  return made;
}

/** The web opens beside the page; whatever else is linked is a note. */
function mend(link: HTMLAnchorElement): void {
  const target = link.getAttribute("href") ?? "";
  if (/^(?:https?:|mailto:)/i.test(target)) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  } else if (!link.classList.contains("internal-link")) {
    link.className = "internal-link";
    link.setAttribute("data-href", decoded(target));
    link.setAttribute("href", "#");
  }
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
