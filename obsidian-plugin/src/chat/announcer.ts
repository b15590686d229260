/** Tells a screen reader what happens: whole sentences, a few at a time, never token by token. */

import { add } from "./dom";

const PAUSE = 1_500;
const LONGEST = 600;

export class Announcer {
  private readonly region: HTMLElement;
  private waiting: string[] = [];
  private timer: number | null = null;

  constructor(private readonly parent: HTMLElement) {
    this.region = add(parent, "div", { cls: "commonplace-spoken", attributes: { role: "status", "aria-live": "polite" } });
  }

  say(text: string): void {
    const spoken = text.trim();
    if (spoken === "" || this.waiting.at(-1) === spoken) return;
    this.waiting.push(spoken);
    this.timer ??= this.window.setTimeout(() => this.speak(), PAUSE);
  }

  stop(): void {
    if (this.timer !== null) this.window.clearTimeout(this.timer);
    this.timer = null;
  }

  private speak(): void {
    this.timer = null;
    const text = this.waiting.join(" ");
    this.waiting = [];
    this.region.textContent = text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
  }

  private get window(): Window {
    return this.parent.ownerDocument.defaultView ?? window;
  }
}
