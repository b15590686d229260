/** JSON-RPC 2.0 over anything that carries texts. No I/O of its own. */

export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data: unknown = null,
  ) {
    super(message);
    this.name = "RpcError";
  }

  /** What the daemon advises, where it does. */
  get advice(): string {
    const { data } = this;
    return typeof data === "object" && data !== null && "advice" in data && typeof data.advice === "string"
      ? data.advice
      : "";
  }
}

/** The connection ended before the answer came: whether the request was carried out is unknown. */
export class ConnectionLost extends Error {
  constructor() {
    super("The connection to the daemon was lost.");
    this.name = "ConnectionLost";
  }
}

export interface Handlers {
  notification(method: string, params: unknown): void;
  /** Answers a request of the other side; a rejection becomes an error answer. */
  request(method: string, params: unknown): Promise<unknown>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const NOT_FOUND = -32601;
const INTERNAL = -32603;
/** Bytes of a message; the daemon hangs up on a larger one (docs/protocol.md). */
const LARGEST_MESSAGE = 1024 * 1024;

export class Rpc {
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private closed = false;

  constructor(
    private readonly post: (text: string) => void,
    private readonly handlers: Handlers,
  ) {}

  /** Rejects with RpcError, or ConnectionLost. */
  request<Result>(method: string, params: unknown): Promise<Result> {
    if (this.closed) return Promise.reject(new ConnectionLost());
    const id = this.nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.send({ id, method, params });
    return answer as Promise<Result>;
  }

  notify(method: string, params: unknown): void {
    if (!this.closed) this.send({ method, params });
  }

  /** Takes one message; what is no message of the protocol is passed over. */
  receive(text: string): void {
    const message = parsed(text);
    if (message === null) return;
    if (typeof message.method === "string") this.called(message.method, message);
    else if (typeof message.id === "number") this.answered(message.id, message);
  }

  /** Ends every request that waits. */
  close(): void {
    this.closed = true;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of waiting) one.reject(new ConnectionLost());
  }

  private called(method: string, message: Message): void {
    const { id, params } = message;
    if (id === undefined) {
      this.handlers.notification(method, params);
      return;
    }
    this.handlers.request(method, params).then(
      (result) => this.answer(fits({ id, result }) ? { id, result } : { id, error: TOO_LARGE }),
      (error: unknown) => this.answer({ id, error: asError(error) }),
    );
  }

  private answered(id: number, message: Message): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    const { error } = message;
    if (error === undefined) waiting?.resolve(message.result);
    else waiting?.reject(new RpcError(error.code, error.message, error.data));
  }

  private answer(message: object): void {
    if (!this.closed) this.send(message);
  }

  private send(message: object): void {
    this.post(JSON.stringify({ jsonrpc: "2.0", ...message }));
  }
}

const TOO_LARGE = { code: INTERNAL, message: "The answer is larger than a message may be." };

/** Whether the message, with what is put around it, is one that the daemon takes. */
function fits(message: object): boolean {
  return new TextEncoder().encode(JSON.stringify(message)).length <= LARGEST_MESSAGE - 64;
}

export function methodNotFound(method: string): RpcError {
  return new RpcError(NOT_FOUND, `There is no method ${method}.`);
}

interface Message {
  readonly id?: number | string;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

function parsed(text: string): Message | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value) : null;
  } catch {
    return null;
  }
}

function asError(error: unknown): object {
  if (error instanceof RpcError) return { code: error.code, message: error.message };
  return { code: INTERNAL, message: "The client could not answer." };
}
