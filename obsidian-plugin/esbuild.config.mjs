/** Builds the plugin into dist/, what goes into a vault's plugins folder; and the page that the daemon serves. */

import { copyFile, cp, mkdir, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import process from "node:process";
import { build } from "esbuild";

const DIST = "dist";
/** Where the daemon's package carries the plugin, for `commonplace plugin install`. */
const PACKAGED = "../daemon/commonplace/plugin";
const PAGE = "../daemon/commonplace/page";
const watched = process.argv.includes("--sourcemap");

const shared = {
  bundle: true,
  minify: !watched,
  sourcemap: watched ? "inline" : false,
  target: "es2022",
  logLevel: "warning",
  legalComments: "none",
};

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST, { recursive: true });

await build({
  ...shared,
  entryPoints: ["src/main.ts"],
  outfile: `${DIST}/main.js`,
  format: "cjs",
  platform: "browser",
  // Obsidian's window resolves Node's modules by require only.
  supported: { "dynamic-import": false },
  external: ["obsidian", "electron", "@codemirror/*", ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
});
await build({ ...shared, entryPoints: ["src/styles.css"], outfile: `${DIST}/styles.css` });
await copyFile("manifest.json", `${DIST}/manifest.json`);

await rm(PACKAGED, { recursive: true, force: true });
await cp(DIST, PACKAGED, { recursive: true });

await rm(PAGE, { recursive: true, force: true });
await mkdir(PAGE, { recursive: true });
await build({ ...shared, entryPoints: ["src/page/page.ts"], outfile: `${PAGE}/page.js`, format: "esm", platform: "browser" });
await build({ ...shared, entryPoints: ["src/page/page.css"], outfile: `${PAGE}/page.css` });
for (const name of ["index.html", "icon.svg"]) await copyFile(`src/page/${name}`, `${PAGE}/${name}`);
