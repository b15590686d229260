/** What lets the page in: a code from the user, exchanged for a token that nothing but this page's memory keeps. */

import type { Address } from "../protocol/discovery";

export interface Entered {
  readonly token: string;
  readonly version: string;
  readonly protocol: number;
}

/** What the fragment of the page's address tells. */
export interface Invitation {
  readonly code: string | null;
  /** The folder of the vault to begin with. */
  readonly vault: string | null;
  readonly shell: string | null;
}

export function invitationIn(fragment: string): Invitation {
  const told = new URLSearchParams(fragment.replace(/^#/, "").replace(/\+/g, "%2B"));
  return { code: told.get("code"), vault: told.get("vault"), shell: told.get("shell") };
}

export class Access {
  private entered: Entered | null = null;

  /**
   * @param origin the daemon's address, which the page came from.
   * @param lost called when the daemon knows the token no more: it was started anew.
   */
  constructor(
    private readonly origin: URL,
    private readonly lost: () => void,
  ) {}

  get isIn(): boolean {
    return this.entered !== null;
  }

  /** Exchanges a code. Rejects, saying why, where it does not let the page in. */
  async enter(code: string): Promise<void> {
    const given = code.trim();
    if (!given.startsWith(`${this.origin.port}-`)) throw new Error(this.elsewhere(given));
    const answer = await request("POST", new URL("/enter", this.origin), { body: JSON.stringify({ code: given }) });
    if (answer.status === 0) throw new Error("The daemon does not answer.");
    if (answer.status !== 200) throw new Error("This code is not good any more. Type the command again.");
    this.entered = JSON.parse(answer.text) as Entered;
  }

  /** Where the daemon is and what opens it; null where none answers, or where a code is needed first. */
  async discover(): Promise<Address | null> {
    const { entered } = this;
    if (entered === null) return null;
    const { status } = await request("GET", new URL("/health", this.origin), { token: entered.token });
    if (status === 401 && this.entered === entered) {
      this.entered = null;
      this.lost();
    }
    return status === 200 ? { ...entered, port: Number(this.origin.port) } : null;
  }

  /** A code names its daemon's port, so that it is never given to whoever listens at an old address. */
  private elsewhere(code: string): string {
    const port = /^(\d+)-/.exec(code)?.[1];
    if (port === undefined) return "This is no code. Type the command again and take the whole line that it prints.";
    return `The daemon has another address now. Open http://127.0.0.1:${port}/ and give the code there.`;
  }
}

interface Answer {
  /** 0 where nobody answers. */
  readonly status: number;
  readonly text: string;
}

function request(method: string, to: URL, { token, body }: { token?: string; body?: string }): Promise<Answer> {
  return new Promise((done) => {
    const sent = new XMLHttpRequest();
    sent.open(method, to);
    if (token !== undefined) sent.setRequestHeader("Authorization", `Bearer ${token}`);
    sent.onloadend = () => done({ status: sent.status, text: sent.responseText });
    sent.send(body ?? null);
  });
}
