/** What stands in the way, said honestly: no daemon, away, another version, a vault that it does not know. */

import type { ConversationState } from "../session/state";
import { add, addButton, setBusy, toggle } from "./dom";
import type { ChatHost } from "./host";

export interface StateActions {
  reconnect(): void;
  register(memory: string): Promise<void>;
  /** What had the focus here is gone. */
  left(): void;
}

export class StateView {
  private readonly element: HTMLElement;
  private shown = "";

  constructor(
    parent: HTMLElement,
    private readonly host: ChatHost,
    private readonly actions: StateActions,
  ) {
    this.element = add(parent, "div", { cls: "commonplace-state" });
  }

  update({ link, problem }: ConversationState): void {
    const shown = link.kind === "ready" ? (problem === null ? "" : `${problem.kind} ${problem.text}`) : link.kind;
    if (shown === this.shown) return;
    this.shown = shown;
    const held = this.element.contains(this.element.ownerDocument.activeElement);
    this.element.textContent = "";
    toggle(this.element, shown !== "");
    this.draw(link, problem);
    if (held) this.actions.left();
  }

  private draw(link: ConversationState["link"], problem: ConversationState["problem"]): void {
    switch (link.kind) {
      case "ready":
        if (problem?.kind === "unregistered") this.offerToRegister();
        else if (problem !== null) this.say(problem.text, "alert");
        break;
      case "connecting":
        this.say("Connecting to the daemon …");
        break;
      case "away":
        this.say("The daemon is away; looking for it. What you type is kept and sent when it is back.");
        break;
      case "incompatible":
        this.say(`The daemon (${link.version}) speaks another version of the protocol. Update Commonplace, then this plugin.`, "alert");
        break;
      case "absent":
        void this.offerDaemon();
        break;
    }
  }

  private async offerDaemon(): Promise<void> {
    const { daemon } = this.host;
    const command = await daemon.startCommand().catch(() => null);
    if (this.shown !== "absent") return;
    this.element.textContent = "";
    this.say("The daemon does not run.");
    if (command === null) {
      add(this.element, "p", { text: "If Commonplace is not installed yet, type this in a terminal, in the folder of its checkout. The chat goes on by itself when the daemon runs." });
      this.command(daemon.installCommand);
    } else if (daemon.start === null) {
      add(this.element, "p", { text: "From here it cannot be started. Type this in a terminal:" });
      this.command(command);
    } else this.offerStart(daemon.start, command);
  }

  private offerStart(start: () => Promise<void>, command: string): void {
    const button = addButton(this.element, "Start the daemon", () => {
      setBusy(button, true);
      failure.textContent = "";
      start().then(
        () => this.actions.reconnect(),
        () => {
          setBusy(button, false);
          add(failure, "p", { text: "It could not be started. Type this in a terminal:", attributes: { role: "alert" } });
          this.command(command, failure);
        },
      );
    }, { cls: "mod-cta" });
    const failure = add(this.element, "div");
  }

  private offerToRegister(): void {
    this.say("This vault is not registered with the daemon yet.");
    const label = add(this.element, "label", { text: "Folder for the memory. Left empty, it is the one with user.md, or else the vault's root." });
    const input = add(label, "input", { attributes: { type: "text", placeholder: "Memory" } });
    const button = addButton(this.element, "Use this vault", () => {
      setBusy(button, true);
      failure.textContent = "";
      this.actions.register(input.value.trim()).catch((error: unknown) => {
        setBusy(button, false);
        failure.textContent = error instanceof Error ? error.message : "It could not be registered.";
      });
    }, { cls: "mod-cta" });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) button.click();
    });
    const failure = add(this.element, "p", { cls: "commonplace-error", attributes: { role: "alert" } });
  }

  private say(text: string, role = "status"): void {
    add(this.element, "p", { text, attributes: { role } });
  }

  private command(text: string, parent = this.element): void {
    const row = add(parent, "div", { cls: "commonplace-command" });
    add(row, "code", { text });
    addButton(row, "Copy the command", () => void this.host.copy(text), {
      cls: "clickable-icon",
      icon: (element) => this.host.setIcon(element, "copy"),
    });
  }
}
