import { existsSync } from "node:fs";

import obsidianmd from "eslint-plugin-obsidianmd";
import { defineConfig } from "eslint/config";

/** The tests in the app have packages of their own, without which nothing is known of their types. */
const withoutPackages = ["tests/obsidian/"].filter((folder) => !existsSync(`${folder}node_modules`));

export default defineConfig([
  { ignores: ["dist/", "**/node_modules/", "**/package-lock.json", ...withoutPackages] },
  ...obsidianmd.configs.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["*.mjs"] } },
    },
  },
  {
    files: ["tests/obsidian/**"],
    languageOptions: { globals: { describe: "readonly", beforeEach: "readonly", it: "readonly", WebdriverIO: "readonly" } },
  },
]);
