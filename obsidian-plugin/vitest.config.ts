import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { obsidian: "obsidian-test-mocks/obsidian" } },
  test: {
    server: { deps: { inline: ["obsidian-test-mocks"] } },
    include: ["tests/**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    // A browser beside other programs on two cores: once more, and the report says which test needed it.
    retry: 1,
  },
});
