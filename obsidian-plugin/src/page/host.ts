/** The page as the chat's host. */

import type { ChatHost, DaemonHelp, Icon } from "../chat/host";
import type { NotesAnswer } from "../protocol/wire";
import type { Conversation } from "../session/conversation";
import { drawIcon } from "./icons";
import { rendered } from "./markdown";
import { noteAt, obsidianAddress } from "./notes";

/** What a page can say of a daemon that does not answer: the command also finds one at another port. */
const HELP: DaemonHelp = {
  installCommand: "uv tool install . && commonplace window --browser",
  startCommand: () => Promise.resolve("commonplace window --browser"),
  start: null,
};

export class PageHost implements ChatHost {
  readonly daemon = HELP;
  private known: readonly string[] = [];

  /**
   * @param inShell whether the page stands in a window of its own, which gives what is opened beside it to the system.
   * @param tell says a sentence to the user.
   */
  constructor(
    private readonly conversation: Conversation,
    private readonly inShell: boolean,
    private readonly tell: (text: string) => void,
  ) {}

  /** Learns the vault's notes, for `@` and for links. */
  async learnNotes(): Promise<void> {
    const { notes } = await this.conversation.request<NotesAnswer>("_commonplace/notes", { cwd: this.conversation.vault });
    this.known = notes;
  }

  render(markdown: string, into: HTMLElement): Promise<void> {
    into.append(rendered(markdown));
    return Promise.resolve();
  }

  setIcon(element: HTMLElement, icon: Icon): void {
    drawIcon(element, icon);
  }

  openNote(link: string): void {
    void this.open(link);
  }

  previewNote(): void {
    // A page has no notes to show a preview of.
  }

  notes(): readonly string[] {
    return this.known;
  }

  async copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    this.tell("Copied.");
  }

  /** A note that is not known yet may be one that this turn has made. */
  private async open(link: string): Promise<void> {
    const memory = this.conversation.state.overview?.memory ?? "";
    if (noteAt(link, this.known, memory) === null) await this.learnNotes().catch(() => undefined);
    const path = noteAt(link, this.known, memory);
    if (path === null) this.tell(`There is no note ${link}.`);
    else this.give(obsidianAddress(this.conversation.vault, path));
  }

  private give(address: string): void {
    if (this.inShell) window.open(address, "_blank", "noopener");
    else window.location.assign(address);
  }
}
