/** The connection as a state machine: when to look for the daemon, when to say that it is away. Pure. */

export type LinkState =
  /** Looking for the daemon, or shaking hands with it. */
  | { readonly kind: "connecting"; readonly attempt: number }
  /** No daemon runs, as far as its file tells. */
  | { readonly kind: "absent"; readonly attempt: number }
  /** It was there and has gone: asleep, restarted or ended. */
  | { readonly kind: "away"; readonly attempt: number }
  | { readonly kind: "incompatible"; readonly version: string; readonly attempt: number }
  | { readonly kind: "ready"; readonly welcome: Welcome };

export interface Welcome {
  readonly version: string;
  readonly model: string;
  /** The host that the model runs on where it is another machine. */
  readonly modelHost: string | null;
}

export type LinkEvent =
  | { readonly kind: "welcomed"; readonly welcome: Welcome }
  | { readonly kind: "not-found" }
  | { readonly kind: "lost" }
  | { readonly kind: "other-version"; readonly version: string }
  | { readonly kind: "try" };

export const FIRST: LinkState = { kind: "connecting", attempt: 0 };

export function next(state: LinkState, event: LinkEvent): LinkState {
  const attempt = "attempt" in state ? state.attempt : 0;
  switch (event.kind) {
    case "welcomed":
      return { kind: "ready", welcome: event.welcome };
    case "try":
      return state.kind === "ready" ? { kind: "away", attempt: 0 } : { ...state, attempt: attempt + 1 };
    case "not-found":
      return { kind: state.kind === "away" && attempt < PATIENCE ? "away" : "absent", attempt };
    case "lost":
      return { kind: state.kind === "ready" || state.kind === "away" ? "away" : "absent", attempt };
    case "other-version":
      return { kind: "incompatible", version: event.version, attempt };
  }
}

/** A daemon that was there a moment ago is taken to be restarting for so many attempts. */
const PATIENCE = 5;
const SHORTEST = 200;
const LONGEST = 3_000;

/** Milliseconds until the next attempt. */
export function delay(state: LinkState): number {
  const attempt = "attempt" in state ? state.attempt : 0;
  return Math.min(LONGEST, SHORTEST * 2 ** Math.min(attempt, 8));
}
