import { describe, expect, test, vi } from "vitest";

import { ConnectionLost, Rpc, RpcError, methodNotFound } from "../../src/protocol/rpc";

function make(handle: (method: string, params: unknown) => Promise<unknown> = (method) => Promise.reject(methodNotFound(method))) {
  const sent: unknown[] = [];
  const heard: string[] = [];
  const rpc = new Rpc((text) => sent.push(JSON.parse(text)), {
    notification: (method) => heard.push(method),
    request: handle,
  });
  return { rpc, sent, heard };
}

describe("JSON-RPC", () => {
  test("answers find their requests in any order", async () => {
    const { rpc, sent } = make();
    const [first, second] = [rpc.request("a", {}), rpc.request("b", { x: 1 })];
    rpc.receive('{"jsonrpc":"2.0","id":2,"result":"two"}');
    rpc.receive('{"jsonrpc":"2.0","id":1,"result":"one"}');
    expect(await Promise.all([first, second])).toEqual(["one", "two"]);
    expect(sent[1]).toEqual({ jsonrpc: "2.0", id: 2, method: "b", params: { x: 1 } });
  });

  test("an error carries its code and what the daemon advises", async () => {
    const { rpc } = make();
    const asked = rpc.request("a", {});
    rpc.receive('{"id":1,"error":{"code":-32001,"message":"It failed.","data":{"advice":"Ask again."}}}');
    const error = await asked.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ code: -32001, message: "It failed.", advice: "Ask again." });
  });

  test("every request that waits is told when the connection is lost, and so is every later one", async () => {
    const { rpc } = make();
    const asked = rpc.request("a", {});
    rpc.close();
    await expect(asked).rejects.toBeInstanceOf(ConnectionLost);
    await expect(rpc.request("b", {})).rejects.toBeInstanceOf(ConnectionLost);
  });

  test("an answer that the daemon would hang up on becomes an error answer", async () => {
    const { rpc, sent } = make((method) => Promise.resolve({ text: (method === "lines" ? "\n" : "é").repeat(524_200) }));
    rpc.receive('{"id":7,"method":"lines"}');
    rpc.receive('{"id":8,"method":"letters"}');
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    const sizes = sent.map((message) => new TextEncoder().encode(JSON.stringify(message)).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
    expect(sent).not.toContainEqual(expect.objectContaining({ error: expect.anything() as unknown }));
    const { rpc: other, sent: told } = make(() => Promise.resolve({ text: "\n".repeat(524_300) }));
    other.receive('{"id":7,"method":"lines"}');
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({ id: 7, error: { message: "The answer is larger than a message may be." } });
  });

  test("a request of the other side is answered, also one that is unknown here", async () => {
    const { rpc, sent } = make((method) => (method === "ask" ? Promise.resolve({ yes: true }) : Promise.reject(methodNotFound(method))));
    rpc.receive('{"id":7,"method":"ask","params":{}}');
    rpc.receive('{"id":8,"method":"other"}');
    await Promise.resolve();
    await Promise.resolve();
    expect(sent).toEqual([
      { jsonrpc: "2.0", id: 7, result: { yes: true } },
      { jsonrpc: "2.0", id: 8, error: { code: -32601, message: "There is no method other." } },
    ]);
  });

  test.each(["", "nonsense", "[]", "null", "1", '{"id":99,"result":1}', "{}"])("%j is passed over", (text) => {
    const { rpc, sent, heard } = make();
    rpc.receive(text);
    expect([sent, heard]).toEqual([[], []]);
  });
});
