/** Those who follow what turns do to notes, whoever's turns they are. */

import { type Update, metaOf } from "../protocol/messages";
import type { TouchedNote, UndoneNote } from "../protocol/wire";

export interface Watcher {
  /** An update of a session that is followed here. */
  updated(update: Update): void;
  /** A note was touched by a turn on this vault, whoever's turn it is. */
  touched(touched: TouchedNote): void;
  /** What a turn wrote in a note was taken back, whoever did it. */
  undone(undone: UndoneNote): void;
}

export class Watchers {
  private readonly all = new Set<Watcher>();
  /** Of a session that is told from its beginning: what its latest turn did. */
  private latest: Update[] = [];

  /** Tells it what happens, until the result is called. */
  add(watcher: Watcher): () => void {
    this.all.add(watcher);
    return () => this.all.delete(watcher);
  }

  touched(note: TouchedNote): void {
    for (const watcher of this.all) watcher.touched(note);
  }

  undone(note: UndoneNote): void {
    for (const watcher of this.all) watcher.undone(note);
  }

  updated(updates: readonly Update[]): void {
    for (const watcher of this.all) for (const update of updates) watcher.updated(update);
  }

  /** What a session said before it was opened here is no news, except of a turn that still runs. */
  toldAgain(updates: readonly Update[]): void {
    for (const update of updates) {
      if (turnOf(update) !== turnOf(this.latest[0])) this.latest = [];
      this.latest.push(update);
    }
  }

  /** The session is told. */
  told(running: boolean): void {
    if (running) this.updated(this.latest);
    this.latest = [];
  }

  close(): void {
    this.all.clear();
  }
}

function turnOf(update: Update | undefined): string | undefined {
  return update === undefined ? undefined : metaOf(update).turn;
}
