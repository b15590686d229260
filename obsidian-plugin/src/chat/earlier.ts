/** Of a long session the latest turns are drawn first, and earlier ones when somebody goes there. */

import type { Turn } from "../session/model";
import { add, addButton, toggle } from "./dom";

const AT_FIRST = 8;
const AT_ONCE = 20;
const NEAR_TOP = 200;

export class EarlierTurns {
  private from = 0;
  private turns: readonly Turn[] = [];
  private readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;

  /** @param draw draws the turns from that key on, where they are not drawn yet. */
  constructor(
    private readonly log: HTMLElement,
    private readonly draw: () => void,
  ) {
    this.element = add(log, "div", { cls: "commonplace-earlier" });
    this.button = addButton(this.element, "", () => this.more());
    toggle(this.element, false);
    log.addEventListener("scroll", () => {
      if (this.from > 0 && log.scrollTop < NEAR_TOP && log.scrollHeight > log.clientHeight) this.more();
    }, { passive: true });
  }

  /** The turns that are to be drawn now; `isNew` says that none of them was drawn before. */
  shown(turns: readonly Turn[], isNew: boolean): readonly Turn[] {
    this.turns = turns;
    if (isNew) this.from = turns[turns.length - AT_FIRST]?.key ?? 0;
    const shown = turns.filter((turn) => turn.key >= this.from);
    const hidden = turns.length - shown.length;
    this.button.textContent = hidden === 1 ? "Show the turn before" : `Show the ${hidden} turns before`;
    toggle(this.element, hidden > 0);
    if (hidden === 0) this.from = 0;
    return shown;
  }

  /** Has a turn among those that are drawn. */
  include(turn: Turn): void {
    this.from = Math.min(this.from, turn.key);
  }

  /** Draws more above, and leaves what one looks at where it is. */
  private more(): void {
    const first = this.turns.findIndex((turn) => turn.key >= this.from);
    this.from = this.turns[Math.max(0, first - AT_ONCE)]?.key ?? 0;
    const below = this.log.scrollHeight - this.log.scrollTop;
    this.draw();
    this.log.scrollTop = this.log.scrollHeight - below;
  }
}
