/** What the daemon asks the user, until they answer. */

import { type RequestPermissionRequest, type RequestPermissionResponse, metaOf } from "../protocol/messages";
import type { Change, Permission } from "./model";
import { changesOf } from "./reduce";

export class Questions {
  private readonly answers = new Map<number, (response: RequestPermissionResponse) => void>();
  private nextId = 1;

  /** A question as it is shown, and the answer that it will get. */
  put(asked: RequestPermissionRequest, root: string): { readonly permission: Permission; readonly answer: Promise<RequestPermissionResponse> } {
    const id = this.nextId++;
    const permission: Permission = {
      id,
      question: metaOf(asked).question ?? null,
      title: asked.toolCall.title ?? "Change a note",
      changes: changesIn(asked, root),
      options: asked.options,
    };
    return { permission, answer: new Promise((resolve) => this.answers.set(id, resolve)) };
  }

  answer(id: number, optionId: string): void {
    this.answers.get(id)?.({ outcome: { outcome: "selected", optionId } });
    this.answers.delete(id);
  }

  /** The connection has gone: whoever asked will ask again. */
  forget(): void {
    this.answers.clear();
  }
}

function changesIn({ toolCall, _meta }: RequestPermissionRequest, root: string): readonly Change[] {
  const { path, deleted } = metaOf({ _meta });
  return changesOf(toolCall.content ?? [], root).map((change) => ({
    path: path ?? change.path,
    before: change.before,
    after: deleted === true ? null : change.after,
  }));
}
