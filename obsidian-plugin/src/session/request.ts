/** Asks the daemon. Rejects with RpcError, or ConnectionLost. */
export type DaemonRequest = <Result>(method: string, params: object) => Promise<Result>;
