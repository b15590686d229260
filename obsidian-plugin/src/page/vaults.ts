/** Which of the registered vaults the page is about. */

import { add, toggle } from "../chat/dom";
import { DaemonClient, type Surroundings } from "../protocol/client";
import { methodNotFound } from "../protocol/rpc";
import type { RegisteredVault, VaultsAnswer } from "../protocol/wire";

/** Asks the daemon once, over a connection of its own. */
export function registeredVaults(surroundings: Surroundings): Promise<VaultsAnswer> {
  return new Promise((done) => {
    const client = new DaemonClient(surroundings, {
      notification: () => undefined,
      request: (method) => Promise.reject(methodNotFound(method)),
      linkChanged: (link) => {
        if (link.kind !== "ready") return;
        client.request<VaultsAnswer>("_commonplace/vaults", {}).then(
          (found) => {
            client.stop();
            done(found);
          },
          () => undefined,
        );
      },
    });
    client.start();
  });
}

/** The vault to begin with: the one that is asked for, else the default, else the first. */
export function firstOf({ vaults, default: named }: VaultsAnswer, wanted: string | null): RegisteredVault | null {
  const there = vaults.filter((vault) => vault.there);
  return there.find((vault) => vault.path === wanted) ?? there.find((vault) => vault.name === named) ?? there[0] ?? null;
}

export class VaultChoice {
  /** Shows the choice where there is one. */
  constructor(parent: HTMLElement, all: readonly RegisteredVault[], chosen: RegisteredVault, choose: (vault: RegisteredVault) => void) {
    const there = all.filter((vault) => vault.there);
    const element = add(parent, "nav", { cls: "commonplace-vaults", attributes: { "aria-label": "Vaults" } });
    toggle(element, there.length > 1);
    const label = add(element, "label", { text: "Vault" });
    const select = add(label, "select", { attributes: { "aria-label": "Vault" } });
    for (const vault of there) add(select, "option", { text: vault.name, attributes: { value: vault.path, title: vault.path } });
    select.value = chosen.path;
    select.addEventListener("change", () => {
      const next = there.find((vault) => vault.path === select.value);
      if (next !== undefined) choose(next);
    });
  }
}
