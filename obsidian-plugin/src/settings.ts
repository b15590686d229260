/** What the user sets, kept in the plugin's data.json; a token is kept in Obsidian's secret storage instead. */

import { type App, type Plugin, PluginSettingTab, SecretComponent, type SettingDefinitionItem } from "obsidian";

export interface Settings {
  markExplorer: boolean;
  markEditor: boolean;
  /** Whether lines that turns wrote are marked with where they come from. */
  markOrigins: boolean;
  /** Whether links to entities are shown by the note's title. */
  showTitles: boolean;
  /** The daemon's home folder; empty for the usual one. */
  home: string;
  /** A port to use in place of daemon.json, together with the token; 0 for none. */
  port: number;
  /** The name of the secret that holds the token. */
  tokenSecret: string;
  /** What must not be told, one rule a line. */
  filters: string;
  /** Facts that the user looked at and kept, by their names; see memory/memory.ts. */
  kept: readonly string[];
  /** The session that was open last. */
  session: string | null;
}

export const DEFAULTS: Settings = {
  markExplorer: true,
  markEditor: true,
  markOrigins: true,
  showTitles: true,
  home: "",
  port: 0,
  tokenSecret: "",
  filters: "",
  kept: [],
  session: null,
};

/** The settings in what was saved; anything of another kind than expected falls back to its default. */
export function settingsFrom(saved: unknown): Settings {
  const found = typeof saved === "object" && saved !== null ? (saved as Record<string, unknown>) : {};
  const same = <Value>(key: string, fallback: Value): Value => {
    const value = found[key];
    return typeof value === typeof fallback ? (value as Value) : fallback;
  };
  return {
    markExplorer: same("markExplorer", DEFAULTS.markExplorer),
    markEditor: same("markEditor", DEFAULTS.markEditor),
    markOrigins: same("markOrigins", DEFAULTS.markOrigins),
    showTitles: same("showTitles", DEFAULTS.showTitles),
    home: same("home", DEFAULTS.home),
    port: same("port", DEFAULTS.port),
    tokenSecret: same("tokenSecret", DEFAULTS.tokenSecret),
    filters: same("filters", DEFAULTS.filters),
    kept: Array.isArray(found["kept"]) ? found["kept"].filter((name) => typeof name === "string") : [],
    session: typeof found["session"] === "string" ? found["session"] : null,
  };
}

/** The rules in the setting of that name. */
export function filtersOf(settings: Settings): readonly string[] {
  return settings.filters.split("\n").map((rule) => rule.trim()).filter(Boolean);
}

export interface SettingsOwner extends Plugin {
  settings: Settings;
  /** Saves, and lets everything that depends on a setting follow it. */
  settingsChanged(): Promise<void>;
}

export class CommonplaceSettingTab extends PluginSettingTab {
  constructor(
    app: App,
    private readonly owner: SettingsOwner,
  ) {
    super(app, owner);
  }

  override getSettingDefinitions(): SettingDefinitionItem[] {
    return [
      {
        name: "Mark notes in the file explorer",
        desc: "Shows which notes the agent read or wrote in its last turn.",
        control: { type: "toggle", key: "markExplorer" },
      },
      {
        name: "Mark changed lines in the editor",
        desc: "Until you dismiss them.",
        control: { type: "toggle", key: "markEditor" },
      },
      {
        name: "Mark where lines come from",
        desc: "A sign beside each line that the agent wrote, and what you had said then.",
        control: { type: "toggle", key: "markOrigins" },
      },
      {
        name: "Show links to entities by their titles",
        desc: "The notes themselves keep the links as they are.",
        control: { type: "toggle", key: "showTitles" },
      },
      {
        name: "What must not be told",
        desc: "One rule a line, such as: do not tell my age. They go with every question.",
        control: { type: "textarea", key: "filters" },
      },
      {
        name: "The daemon's folder",
        desc: "Where daemon.json is. Leave it empty for .commonplace in your home folder.",
        control: { type: "text", key: "home", placeholder: "~/.commonplace" },
      },
      {
        name: "Port",
        desc: "Only where this app cannot read the daemon's folder; 0 reads daemon.json.",
        control: { type: "number", key: "port", min: 0, max: 65_535 },
      },
      {
        name: "Token",
        desc: "Goes with the port. It is kept in the secret storage, not in the vault.",
        visible: () => this.owner.settings.port !== 0,
        render: (setting) => {
          setting.addComponent((element) =>
            new SecretComponent(this.app, element).setValue(this.owner.settings.tokenSecret).onChange((name) => {
              this.owner.settings.tokenSecret = name;
              void this.owner.settingsChanged();
            }),
          );
        },
      },
    ];
  }

  override async setControlValue(key: string, value: unknown): Promise<void> {
    this.owner.settings = settingsFrom({ ...this.owner.settings, [key]: value });
    await this.owner.settingsChanged();
  }
}
