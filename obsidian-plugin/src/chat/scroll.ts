/** Follows what grows at the end only while the reader is at the end; otherwise offers to go there. */

import { add, addButton, toggle } from "./dom";
import type { ChatHost } from "./host";

const NEAR = 32;
const AT_END = 1;

export class Follower {
  private following = true;
  private seenAt = 0;
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
    scroller.addEventListener("wheel", (event) => this.turned(event), { passive: true });
  }

  /** To be called after the content has changed. */
  grown(): void {
    // The reader may have moved since the last event: what grew must not pull them back.
    this.look();
    if (this.following) this.goToEnd();
    else toggle(this.button, true);
  }

  /** The reader is taken elsewhere. */
  leave(): void {
    this.following = false;
  }

  toEnd(): void {
    this.following = true;
    this.goToEnd();
    toggle(this.button, false);
  }

  private goToEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.seenAt = this.scroller.scrollTop;
  }

  /** A wheel's first movement is a few pixels, which a stream of text would undo before they become many. */
  private turned(event: WheelEvent): void {
    if (event.deltaY < 0 && this.scroller.scrollTop > 0) this.following = false;
  }

  private look(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    if (scrollTop < this.seenAt) this.following = below <= AT_END;
    else if (scrollTop > this.seenAt && below <= NEAR) this.following = true;
    this.seenAt = scrollTop;
    if (this.following) toggle(this.button, false);
  }
}
