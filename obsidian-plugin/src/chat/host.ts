/** What the chat asks of the place that it runs in: Obsidian, or a page. */

export type Icon =
  | "send"
  | "stop"
  | "new"
  | "history"
  | "read"
  | "written"
  | "active-note"
  | "copy"
  | "retry"
  | "undo"
  | "close"
  | "down";

export interface ChatHost {
  /** Renders markdown that was made harmless; it may take a while. */
  render(markdown: string, into: HTMLElement): Promise<void>;
  setIcon(element: HTMLElement, icon: Icon): void;
  /** Opens a note, by its path in the vault or as a link names it; where the place can, at a line (from 1). */
  openNote(link: string, event: MouseEvent | KeyboardEvent, line?: number): void;
  /** Shows a preview of a note under the pointer, where the place has such. */
  previewNote(link: string, element: HTMLElement, event: MouseEvent): void;
  /** The vault's notes, for `@`. */
  notes(): readonly string[];
  /** The note that the user looks at; null where there is none. A page has no notes to look at. */
  activeNote?(): string | null;
  copy(text: string): Promise<void>;
  /** How to get or start the daemon from here. */
  readonly daemon: DaemonHelp;
}

export interface DaemonHelp {
  /** The command that installs the daemon on this system. */
  readonly installCommand: string;
  /** The command that starts the installed daemon; null where none is known. */
  startCommand(): Promise<string | null>;
  /** Starts it; null where this place cannot start programs. */
  readonly start: (() => Promise<void>) | null;
}
