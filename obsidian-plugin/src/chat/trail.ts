/** The steps of a turn: one quiet line that unfolds to the steps, each of which unfolds to thought, code and result. */

import type { Step, Turn } from "../session/model";
import { summary } from "../session/words";
import { add, toggle } from "./dom";

export class TrailView {
  private readonly details: HTMLDetailsElement;
  private readonly line: HTMLElement;
  private readonly thought: HTMLElement;
  private readonly list: HTMLElement;
  private readonly steps = new Map<string, StepView>();

  constructor(parent: HTMLElement) {
    this.details = add(parent, "details", { cls: "commonplace-trail" });
    const head = add(this.details, "summary");
    this.line = add(head, "span", { cls: "commonplace-trail-line" });
    this.list = add(this.details, "ol", { cls: "commonplace-steps" });
    this.thought = add(this.details, "p", { cls: "commonplace-thought" });
    toggle(this.details, false);
  }

  update(turn: Turn): void {
    const line = lineOf(turn);
    if (line !== this.line.textContent) this.line.textContent = line;
    toggle(this.details, line !== "");
    this.details.classList.toggle("is-working", isWorking(turn));
    for (const step of turn.steps) this.showStep(step);
    const thought = turn.thought.trim();
    if (thought !== this.thought.textContent) this.thought.textContent = thought;
    toggle(this.thought, thought !== "");
  }

  private showStep(step: Step): void {
    const known = this.steps.get(step.id);
    if (known !== undefined) known.update(step);
    else this.steps.set(step.id, new StepView(this.list, step));
  }
}

/** While it works, what is done now; afterwards, what was done. */
export function lineOf(turn: Turn): string {
  if (!isWorking(turn)) return summary(turn);
  const last = turn.steps.at(-1);
  const running = last?.status === "running" || last?.status === "pending";
  return running ? last.title : "Thinking";
}

function isWorking(turn: Turn): boolean {
  return (turn.state === "running" || turn.state === "sent") && turn.reply === "";
}

class StepView {
  private shown: Step | null = null;
  private readonly item: HTMLElement;
  private readonly title: HTMLElement;
  private readonly body: HTMLElement;
  private readonly details: HTMLDetailsElement;

  constructor(list: HTMLElement, step: Step) {
    this.item = add(list, "li");
    this.details = add(this.item, "details");
    this.title = add(this.details, "summary");
    this.body = add(this.details, "div", { cls: "commonplace-step" });
    this.details.addEventListener("toggle", () => this.fill());
    this.update(step);
  }

  update(step: Step): void {
    if (step === this.shown) return;
    this.shown = step;
    const time = step.milliseconds === null ? "" : ` · ${Math.max(1, Math.round(step.milliseconds))} ms`;
    this.title.textContent = `${step.title}${step.status === "failed" ? " · failed" : ""}${time}`;
    this.item.className = `is-${step.status}`;
    this.fill();
  }

  /** Thought, code and result are written when somebody looks at them. */
  private fill(): void {
    const step = this.shown;
    if (step === null || !this.details.open) return;
    this.body.textContent = "";
    const thought = step.thought.trim();
    if (thought !== "") add(this.body, "p", { cls: "commonplace-thought", text: thought });
    this.part("Code", step.code.trim());
    this.part("Result", step.result?.trim() ?? "");
  }

  private part(name: string, text: string): void {
    if (text === "") return;
    add(this.body, "div", { cls: "commonplace-label", text: name });
    const pre = add(this.body, "pre", { attributes: { tabindex: "0", "aria-label": name } });
    add(pre, "code", { text });
  }
}
