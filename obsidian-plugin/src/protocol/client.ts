/** A client of the daemon: finds it, keeps the connection, says how it stands. */

import type { Address } from "./discovery";
import { FIRST, type LinkEvent, type LinkState, type Welcome, delay, next } from "./link";
import { PROTOCOL_VERSION } from "./messages";
import { ConnectionLost, type Handlers, Rpc, RpcError } from "./rpc";
import type { WelcomeMeta } from "./wire";

export interface Surroundings {
  /** Reads where the daemon is; null where there is none. */
  discover(): Promise<Address | null>;
  open(url: string, protocols: string[]): WebSocket;
  /** Calls back once after so many milliseconds; the result takes it back. */
  later(milliseconds: number, call: () => void): () => void;
  /** Names this client to the daemon. */
  readonly name: string;
}

interface InitializeResult {
  readonly protocolVersion: number;
  readonly agentInfo?: { readonly version?: string } | null;
  readonly _meta?: { readonly commonplace?: Partial<WelcomeMeta> } | null;
}

export class DaemonClient {
  state: LinkState = FIRST;
  private rpc: Rpc | null = null;
  private socket: WebSocket | null = null;
  private cancelRetry: (() => void) | null = null;
  private stopped = true;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly handlers: Handlers & { linkChanged(state: LinkState): void },
  ) {}

  start(): void {
    this.stopped = false;
    void this.connect();
  }

  /** Closes the connection for good. */
  stop(): void {
    this.stopped = true;
    this.drop();
  }

  /** Tries at once: the machine woke up, or the user asked. */
  retry(): void {
    if (this.stopped) return;
    this.drop();
    this.move({ kind: "try" });
    void this.connect();
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    return this.rpc?.request<Result>(method, params) ?? Promise.reject(new ConnectionLost());
  }

  notify(method: string, params: unknown): void {
    this.rpc?.notify(method, params);
  }

  private async connect(): Promise<void> {
    const address = await this.surroundings.discover().catch(() => null);
    if (this.stopped || this.socket !== null) return;
    if (address === null) this.failed({ kind: "not-found" });
    else if (address.protocol !== PROTOCOL_VERSION) {
      this.failed({ kind: "other-version", version: address.version ?? "unknown" });
    } else this.openSocket(address);
  }

  /** The token travels as a subprotocol, since a browser's WebSocket sets no headers; never in the address. */
  private openSocket(address: Address): void {
    const url = `ws://127.0.0.1:${address.port}/acp`;
    const socket = this.surroundings.open(url, ["acp.v1", `bearer.${address.token}`]);
    const rpc = new Rpc((text) => socket.send(text), this.handlers);
    this.socket = socket;
    socket.onopen = () => void this.shakeHands(rpc);
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (typeof event.data === "string") rpc.receive(event.data);
    };
    socket.onclose = () => {
      rpc.close();
      if (this.socket !== socket) return;
      this.drop();
      this.failed({ kind: "lost" });
    };
  }

  private async shakeHands(rpc: Rpc): Promise<void> {
    try {
      const hello = {
        protocolVersion: PROTOCOL_VERSION,
        clientInfo: { name: this.surroundings.name, version: "0.1.0" },
        clientCapabilities: { _meta: { commonplace: { batches: true } } },
      };
      const welcome = welcomeOf(await rpc.request<InitializeResult>("initialize", hello));
      this.rpc = rpc;
      this.move({ kind: "welcomed", welcome });
    } catch (error) {
      if (!(error instanceof RpcError)) return;
      this.drop();
      this.failed({ kind: "other-version", version: "unknown" });
    }
  }

  private failed(event: LinkEvent): void {
    if (this.stopped) return;
    this.move(event);
    this.cancelRetry?.();
    this.cancelRetry = this.surroundings.later(delay(this.state), () => {
      this.move({ kind: "try" });
      void this.connect();
    });
  }

  private move(event: LinkEvent): void {
    this.state = next(this.state, event);
    this.handlers.linkChanged(this.state);
  }

  private drop(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    const { socket } = this;
    this.socket = null;
    this.rpc?.close();
    this.rpc = null;
    socket?.close();
  }
}

function welcomeOf(result: InitializeResult): Welcome {
  const ours = result._meta?.commonplace;
  return {
    version: result.agentInfo?.version ?? "unknown",
    model: ours?.model ?? "unknown",
    modelHost: ours?.model_host ?? null,
  };
}
