// @vitest-environment jsdom

import { beforeEach, expect, test } from "vitest";

import { add } from "../../src/chat/dom";
import type { ChatHost } from "../../src/chat/host";
import { Follower } from "../../src/chat/scroll";

const WINDOW_HEIGHT = 100;

/** jsdom lays nothing out: a scroller whose height is told, and that keeps to it. */
class Scroller {
  readonly element = add(document.body, "div");
  private height = 1_000;
  private top = 0;

  constructor() {
    Object.defineProperties(this.element, {
      clientHeight: { get: () => WINDOW_HEIGHT },
      scrollHeight: { get: () => this.height },
      scrollTop: {
        get: () => this.top,
        set: (top: number) => {
          this.top = Math.max(0, Math.min(top, this.height - WINDOW_HEIGHT));
        },
      },
    });
  }

  get atEnd(): boolean {
    return this.top === this.height - WINDOW_HEIGHT;
  }

  grow(follower: Follower, by = 50): void {
    this.height += by;
    follower.grown();
  }

  move(by: number, told: boolean): void {
    this.element.scrollTop = this.top + by;
    if (told) this.element.dispatchEvent(new Event("scroll"));
  }
}

const host = { setIcon: () => undefined } as unknown as ChatHost;
let parent: HTMLElement;
let scroller: Scroller;
let follower: Follower;

function offered(): boolean {
  return parent.querySelector("button")?.hidden === false;
}

beforeEach(() => {
  parent = add(document.body, "div");
  scroller = new Scroller();
  follower = new Follower(scroller.element, parent, host);
  scroller.grow(follower);
});

test("at the end it follows what grows", () => {
  scroller.grow(follower);
  expect(scroller.atEnd).toBe(true);
  expect(offered()).toBe(false);
});

test.each([true, false])("the smallest movement up is not undone by what grows (told by an event: %s)", (told) => {
  scroller.move(-3, told);
  scroller.grow(follower);
  expect(scroller.atEnd).toBe(false);
  expect(offered()).toBe(true);
});

test("a wheel that turns up is heard before anything has moved", () => {
  scroller.element.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
  scroller.grow(follower);
  expect(scroller.atEnd).toBe(false);
});

test("coming back down to the end, it follows again", () => {
  scroller.move(-300, true);
  scroller.grow(follower);
  scroller.move(340, true);
  scroller.grow(follower);
  expect(scroller.atEnd).toBe(true);
  expect(offered()).toBe(false);
});

test("what shrinks at the end is no movement of the reader", () => {
  scroller.grow(follower, -200);
  scroller.grow(follower);
  expect(scroller.atEnd).toBe(true);
});

test("the button goes to the latest", () => {
  scroller.move(-300, true);
  scroller.grow(follower);
  parent.querySelector("button")?.click();
  expect(scroller.atEnd).toBe(true);
  expect(offered()).toBe(false);
});
