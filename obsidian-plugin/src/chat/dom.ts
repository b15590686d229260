/** Making elements. The page has none of Obsidian's helpers, so this is the one place where the chat makes its own. */

interface Maker {
  createElement<Tag extends keyof HTMLElementTagNameMap>(tag: Tag): HTMLElementTagNameMap[Tag];
}

export interface Options {
  readonly cls?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Makes an element at the end of its parent, in the parent's own document: a view may stand in another window. */
export function add<Tag extends keyof HTMLElementTagNameMap>(
  parent: HTMLElement,
  tag: Tag,
  options: Options = {},
): HTMLElementTagNameMap[Tag] {
  const maker: Maker = parent.ownerDocument;
  const made = maker.createElement(tag);
  if (options.cls !== undefined) made.className = options.cls;
  if (options.text !== undefined) made.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) made.setAttribute(name, value);
  parent.append(made);
  return made;
}

/** A button with a text, or with an icon and the text as its label. */
export function addButton(
  parent: HTMLElement,
  label: string,
  press: () => void,
  options: { readonly cls?: string; readonly icon?: (element: HTMLElement) => void } = {},
): HTMLButtonElement {
  const button = add(parent, "button", { cls: options.cls ?? "", attributes: { type: "button" } });
  if (options.icon === undefined) button.textContent = label;
  else {
    button.setAttribute("aria-label", label);
    button.setAttribute("title", label);
    options.icon(add(button, "span", { attributes: { "aria-hidden": "true" } }));
  }
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") press();
  });
  return button;
}

/** While it is busy a button cannot be pressed; unlike a disabled one, it keeps the focus. */
export function setBusy(button: HTMLButtonElement, busy: boolean): void {
  button.setAttribute("aria-disabled", String(busy));
}

const FOCUSABLE = "button, a[href], input, select, textarea, summary, [tabindex='0']";

/** Draws what is in an element anew. The focus stays where it was, or goes to what has come in that place. */
export function redraw(element: HTMLElement, draw: () => void): void {
  const focused = element.ownerDocument.activeElement;
  const before = [...element.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const at = before.findIndex((one) => one === focused);
  element.textContent = "";
  draw();
  if (at < 0) return;
  const after = [...element.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const same = after.find((one) => labelOf(one) === labelOf(before[at]));
  (same ?? after[Math.min(at, after.length - 1)])?.focus({ preventScroll: true });
}

function labelOf(element: HTMLElement | undefined): string {
  return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
}

export function toggle(element: HTMLElement, shown: boolean): void {
  element.toggleAttribute("hidden", !shown);
}
