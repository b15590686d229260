/** The chat as a page of its own, in a browser or in a window. */

import { Chat } from "../chat/chat";
import { add } from "../chat/dom";
import type { Surroundings } from "../protocol/client";
import type { RegisteredVault } from "../protocol/wire";
import { Conversation } from "../session/conversation";
import { Access, invitationIn } from "./access";
import { Gate } from "./gate";
import { PageHost } from "./host";
import { nameOfFolder } from "./notes";
import { VaultChoice, firstOf, registeredVaults } from "./vaults";

const NOTICE_MILLISECONDS = 4_000;
const OPENED_BY_HAND = "This page is yours, and it wants to know that you are you.";
const STARTED_ANEW = "The daemon was started anew since this page was opened. What is shown here stays.";

class Page {
  private readonly access: Access;
  private readonly gate: Gate;
  private readonly place: HTMLElement;
  private readonly inShell: boolean;
  private conversation: Conversation | null = null;
  private chat: Chat | null = null;

  constructor(private readonly root: HTMLElement) {
    add(root, "h1", { cls: "commonplace-spoken", text: "Commonplace" });
    this.inShell = invitationIn(window.location.hash).shell !== null;
    this.access = new Access(new URL(window.location.origin), () => this.gate.show(STARTED_ANEW));
    this.gate = new Gate(root, (code) => this.enter(code));
    this.place = add(root, "div", { cls: "commonplace-place" });
    window.addEventListener("hashchange", () => void this.takeInvitation());
  }

  async begin(): Promise<void> {
    const wanted = invitationIn(window.location.hash).vault;
    await this.takeInvitation();
    if (!this.access.isIn) this.gate.show(OPENED_BY_HAND);
    const found = await registeredVaults(this.surroundings());
    const first = firstOf(found, wanted);
    if (first === null) {
      add(this.place, "p", { cls: "commonplace-gate", text: "No vault is registered. In a terminal, type: commonplace vault add FOLDER. Then reload this page." });
      return;
    }
    new VaultChoice(this.place, found.vaults, first, (vault) => this.show(vault));
    this.place.before(this.place.firstElementChild ?? this.place);
    this.show(first);
  }

  /** Uses the code in the address, and takes it out of there. */
  private async takeInvitation(): Promise<void> {
    const { code } = invitationIn(window.location.hash);
    window.history.replaceState(null, "", "/");
    if (code !== null) await this.gate.try(code);
  }

  private async enter(code: string): Promise<void> {
    await this.access.enter(code);
    this.conversation?.reconnect();
  }

  private show(vault: RegisteredVault): void {
    this.chat?.destroy();
    this.conversation?.stop();
    const conversation = new Conversation(vault.path, this.surroundings());
    const host = new PageHost(conversation, this.inShell, (text) => this.tell(text));
    conversation.onChange(() => {
      if (conversation.state.overview !== null && host.notes().length === 0) void host.learnNotes().catch(() => undefined);
    });
    this.conversation = conversation;
    this.chat = new Chat(this.place, host, conversation, nameOfFolder(vault.path));
    this.chat.composer.focus();
    conversation.start();
  }

  private surroundings(): Surroundings {
    return {
      name: "page",
      discover: () => this.access.discover(),
      open: (url, protocols) => new WebSocket(url, protocols),
      later: (milliseconds, call) => {
        const timer = window.setTimeout(call, milliseconds);
        return () => window.clearTimeout(timer);
      },
    };
  }

  private tell(text: string): void {
    const notice = add(this.root, "div", { cls: "commonplace-notice", text, attributes: { role: "status" } });
    window.setTimeout(() => notice.remove(), NOTICE_MILLISECONDS);
  }
}

const root = document.getElementById("page");
if (root !== null) void new Page(root).begin();
