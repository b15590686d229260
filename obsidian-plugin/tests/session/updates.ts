/** Updates as the daemon sends them, for the tests of what is made of them. */

import type { SessionUpdate, Update } from "../../src/protocol/messages";

export const ROOT = "/vault";

export class Script {
  private seq = 0;
  private step = 0;

  constructor(readonly turn: string) {}

  thought(text: string): Update {
    return this.made({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text } });
  }

  reply(text: string): Update {
    return this.made({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
  }

  notice(text: string): Update {
    return this.made({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text } }, { notice: true });
  }

  begin(code: string, title: string): Update[] {
    this.step += 1;
    return [
      this.made({ sessionUpdate: "tool_call", toolCallId: this.call, title: "Write Python", kind: "execute", status: "pending", rawInput: { code: "" } }),
      this.made(this.growing, { code_delta: code }),
      this.made({ ...this.growing, title, status: "in_progress", rawInput: { code } }),
    ];
  }

  touch(path: string, access: "read" | "write"): Update {
    return this.made({ ...this.growing, locations: [{ path: `${ROOT}/${path}` }] }, { path, access });
  }

  change(path: string, oldText: string | null, newText: string, deleted = false): Update {
    const content = [{ type: "diff" as const, path: `${ROOT}/${path}`, oldText, newText }];
    return this.made({ ...this.growing, content }, { path, ...(deleted ? { deleted } : {}) });
  }

  finish(title: string, result = "{}", ok = true): Update {
    return this.made({ ...this.growing, title, status: ok ? "completed" : "failed", rawOutput: { result } }, { milliseconds: 1.5 });
  }

  read(path: string, result = "{}"): Update[] {
    return [...this.begin("read", "Read"), this.touch(path, "read"), this.finish(`Read ${path}`, result)];
  }

  end(reason = "end_turn", error: string | null = null): Update {
    return this.made({ sessionUpdate: "session_info_update" }, { ended: { reason, reply: "", error, advice: null } });
  }

  private get call(): string {
    return `${this.turn}-${this.step}`;
  }

  private get growing() {
    return { sessionUpdate: "tool_call_update" as const, toolCallId: this.call };
  }

  private made(update: SessionUpdate, meta: object = {}): Update {
    this.seq += 1;
    return { sessionId: "s", update, _meta: { commonplace: { seq: this.seq, turn: this.turn, ...meta } } };
  }
}
