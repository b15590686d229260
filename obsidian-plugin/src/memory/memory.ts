/** The memory as the daemon keeps it: where lines come from, what forgetting one takes. */

import type { Origin } from "./origin";

export interface Forgetting {
  /** The daemon's name of this plan; it is carried out only while the notes are as they were. */
  readonly plan: string;
  readonly notes: readonly { readonly path: string; readonly change: string; readonly diff: readonly string[] }[];
}

export type Request = <Result>(method: string, params: object) => Promise<Result>;

export class Memory {
  constructor(
    private readonly vault: string,
    private readonly request: Request,
  ) {}

  /** Every line of a note that a turn wrote. */
  async origins(path: string): Promise<readonly Origin[]> {
    return (await this.request<{ lines: Origin[] }>("_commonplace/why", { vault: this.vault, path })).lines;
  }

  async origin(path: string, line: number): Promise<Origin | null> {
    const { lines } = await this.request<{ lines: Origin[] }>("_commonplace/why", { vault: this.vault, path, line });
    return lines[0] ?? null;
  }

  /** What forgetting that line takes. */
  planToForget(path: string, line: number): Promise<Forgetting> {
    return this.request("_commonplace/forget", { vault: this.vault, fact: `${path}:${line}` });
  }

  /** Carries out a plan that was shown; one turn, which can be undone. */
  async forget(path: string, line: number, { plan }: Forgetting): Promise<void> {
    await this.request("_commonplace/forget", { vault: this.vault, fact: `${path}:${line}`, plan });
  }
}
