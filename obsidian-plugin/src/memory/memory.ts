/** The memory as the daemon keeps it: where lines come from, what forgetting one takes. */

import type { FactsAnswer, ForgetAnswer, WhyAnswer } from "../protocol/wire";
import type { DaemonRequest } from "../session/request";
import type { Origin } from "./origin";

/** What a fact is called among those that were kept: told again, or changed by a turn, it is another. */
export function keptName({ turn, written }: Origin): string {
  return `${turn} ${written}`;
}

export class Memory {
  constructor(
    private readonly vault: string,
    private readonly request: DaemonRequest,
  ) {}

  /** Every line of a note that a turn wrote. */
  async origins(path: string): Promise<readonly Origin[]> {
    return (await this.request<WhyAnswer>("_commonplace/why", { vault: this.vault, path })).lines;
  }

  async origin(path: string, line: number): Promise<Origin | null> {
    const { lines } = await this.request<WhyAnswer>("_commonplace/why", { vault: this.vault, path, line });
    return lines[0] ?? null;
  }

  /** What the memory knows; the note that learned something last comes first. */
  facts(): Promise<FactsAnswer> {
    return this.request("_commonplace/facts", { vault: this.vault });
  }

  /** What forgetting that line takes. */
  planToForget(path: string, line: number): Promise<ForgetAnswer> {
    return this.request("_commonplace/forget", { vault: this.vault, fact: `${path}:${line}` });
  }

  /** Carries out a plan that was shown; one turn, which can be undone. */
  async forget(path: string, line: number, { plan }: ForgetAnswer): Promise<void> {
    await this.request("_commonplace/forget", { vault: this.vault, fact: `${path}:${line}`, plan });
  }
}
