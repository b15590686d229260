/** Follows what grows at the end only while the reader is at the end; otherwise offers to go there. */

import { add, addButton, toggle } from "./dom";
import type { ChatHost } from "./host";

const NEAR = 32;

export class Follower {
  private following = true;
  private readonly button: HTMLButtonElement;

  constructor(
    private readonly scroller: HTMLElement,
    parent: HTMLElement,
    host: ChatHost,
  ) {
    const place = add(parent, "div", { cls: "commonplace-latest" });
    this.button = addButton(place, "Go to the latest", () => this.toEnd(), {
      cls: "clickable-icon",
      icon: (element) => host.setIcon(element, "down"),
    });
    toggle(this.button, false);
    scroller.addEventListener("scroll", () => this.look(), { passive: true });
  }

  /** To be called after the content has changed. */
  grown(): void {
    if (this.following) this.scroller.scrollTop = this.scroller.scrollHeight;
    else toggle(this.button, true);
  }

  /** The reader is taken elsewhere. */
  leave(): void {
    this.following = false;
  }

  toEnd(): void {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    toggle(this.button, false);
  }

  private look(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.following = scrollHeight - scrollTop - clientHeight <= NEAR;
    if (this.following) toggle(this.button, false);
  }
}
