/** A browser, a vault and a daemon for each test: Debian's chromium, real files, a real process. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { build } from "esbuild";
import { type Browser, type Page, chromium } from "playwright-core";

export const PLUGIN = resolve(process.cwd());
export const PYTHON = process.env["COMMONPLACE_PYTHON"] ?? join(PLUGIN, "../.venv/bin/python");

export const WALKTHROUGH: Readonly<Record<string, string>> = {
  "user.md": `# User Information
- user_name: Mirela Brandt
- birth_date: 1999-10-08
- birth_location: Gdansk, Poland
- living_location: Ghent, Belgium
- zodiac_sign: Libra

## User Relationships
- employer: [[entities/dria.md]]
`,
  "entities/dria.md": `# Dria
- industry: AI infrastructure
- contract: full-time, since 2024
- location: San Francisco
`,
};

export interface Script {
  readonly outputs: readonly string[];
  readonly chunk?: number;
  readonly delay?: number;
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    // A page that the test answers for counts as one from the network, which may not speak to this machine.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"],
  });
}

/** A vault with notes, and a daemon on a port of its own that can be killed and started again. */
export class World {
  private daemon: ChildProcess | null = null;
  private told = 0;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly name = "vault",
  ) {}

  get vault(): string {
    return join(this.folder, this.name);
  }

  get home(): string {
    return join(this.folder, "home");
  }

  static async make(notes: Readonly<Record<string, string>> = WALKTHROUGH, registered = true): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), "commonplace-browser-")), await freePort());
    await mkdir(world.vault);
    await mkdir(world.home, { mode: 0o700 });
    for (const [path, text] of Object.entries(notes)) await world.write(path, text);
    if (registered) await writeFile(join(world.home, "config.toml"), `[vaults.notes]\npath = ${JSON.stringify(world.vault)}\n`);
    return world;
  }

  /** Another vault with the same daemon, which does not know it yet. */
  async beside(name: string, notes: Readonly<Record<string, string>>): Promise<World> {
    const other = new World(this.folder, this.port, name);
    for (const [path, text] of Object.entries(notes)) await other.write(path, text);
    return other;
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.vault, path)), { recursive: true });
    await writeFile(join(this.vault, path), text);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.vault, path), "utf8");
  }

  /** Puts the notes back as they were given. */
  async restore(notes: Readonly<Record<string, string>> = WALKTHROUGH): Promise<void> {
    for (const [path, text] of Object.entries(notes)) await this.write(path, text);
  }

  async notes(): Promise<Record<string, string>> {
    const names = (await readdir(this.vault, { recursive: true })).filter((name) => name.endsWith(".md"));
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await this.read(name)] as const)));
  }

  /** What the model says from now on; null lets the reader answer. */
  async script(script: Script | null): Promise<void> {
    const file = join(this.folder, "script.json");
    if (script === null) await rm(file, { force: true });
    else await writeFile(file, JSON.stringify({ ...script, told: (this.told += 1) }));
  }

  async start(): Promise<void> {
    const parts = [join(PLUGIN, "tests/browser/daemon.py"), this.home, String(this.port)];
    const daemon = spawn(PYTHON, parts, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, COMMONPLACE_HOME: this.home } });
    this.daemon = daemon;
    for (let tries = 0; tries < 3600; tries += 1) {
      if (existsSync(join(this.home, "daemon.json"))) return;
      if (daemon.exitCode !== null) throw new Error(`The daemon ended with ${daemon.exitCode}.`);
      await sleep(25);
    }
    throw new Error("The daemon did not start.");
  }

  /** Asks in a terminal, as another client of the same daemon; the reply. */
  async askInTerminal(question: string): Promise<string> {
    const parts = ["-m", "commonplace", "ask", question, "--vault", this.vault];
    const asking = spawn(PYTHON, parts, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, COMMONPLACE_HOME: this.home } });
    let reply = "";
    asking.stdout.on("data", (chunk: Buffer) => (reply += chunk.toString()));
    await new Promise((done) => asking.once("exit", done));
    return reply;
  }

  /** Kills it in the middle of whatever it does; it leaves its daemon.json behind. */
  async kill(): Promise<void> {
    const { daemon } = this;
    this.daemon = null;
    if (daemon === null || daemon.exitCode !== null) return;
    const gone = new Promise((done) => daemon.once("exit", done));
    daemon.kill("SIGKILL");
    await gone;
    await rm(join(this.home, "daemon.json"), { force: true });
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

let shim: Promise<string> | null = null;

function builtShim(): Promise<string> {
  shim ??= build({
    entryPoints: [join(PLUGIN, "tests/browser/shim/obsidian.ts")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    logLevel: "error",
  }).then((result) => result.outputFiles[0]?.text ?? "");
  return shim;
}

export interface Shown {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
}

/** A window with the built plugin loaded and its pane open; `heard` gets what the daemon sends. */
export async function openObsidian(
  browser: Browser,
  world: World,
  shown: Shown = {},
  heard: (text: string) => void = () => undefined,
): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: shown.width ?? 1200, height: shown.height ?? 800 },
    colorScheme: shown.dark === true ? "dark" : "light",
    reducedMotion: shown.reducedMotion === true ? "reduce" : "no-preference",
  });
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard(String(payload))));
  const [app, styles, main, code] = await Promise.all([
    readFile(join(PLUGIN, "tests/browser/shim/app.css"), "utf8"),
    readFile(join(PLUGIN, "dist/styles.css"), "utf8"),
    readFile(join(PLUGIN, "dist/main.js"), "utf8"),
    builtShim(),
  ]);
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notes</title><style>${app}\n${styles}</style></head>
    <body class="${shown.dark === true ? "theme-dark" : "theme-light"}"><main id="window">
    <div id="explorer"></div><div id="editor"></div><div id="sidebar"></div><div id="status"></div></main></body></html>`;
  const address = `http://127.0.0.1:${world.port}/obsidian`;
  await page.route(address, (route) => route.fulfill({ body: html, contentType: "text/html" }));
  await page.exposeFunction("readNodeFile", (path: string) => readFile(path, "utf8").catch(() => null));
  await page.exposeFunction("writeNodeFile", (path: string, text: string) => writeFile(path, text));
  await page.exposeFunction("startProgram", () => world.start());
  await page.goto(address);
  await page.addScriptTag({ content: code });
  await page.evaluate(
    async ({ vault, home, notes, source }) => {
      const given = window as unknown as { readNodeFile(path: string): Promise<string | null>; writeNodeFile(path: string, text: string): Promise<void>; startProgram(): Promise<void>; loadPlugin(source: string): Promise<void> };
      window.world = { vault, home, notes, node: { readFile: (path) => given.readNodeFile(path), writeFile: (path, text) => given.writeNodeFile(path, text), start: () => given.startProgram() } };
      await given.loadPlugin(source);
      window.plugin.run("open-chat");
    },
    { vault: world.vault, home: world.home, notes: await world.notes(), source: main },
  );
  await page.locator(".commonplace-chat").waitFor();
  return page;
}

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel("Message").fill(question);
  await page.getByLabel("Message").press("Enter");
  await lastTurnEnded(page, question);
}

export async function lastTurnEnded(page: Page, question: string): Promise<void> {
  await page.locator(".commonplace-turn", { hasText: question }).last().getByLabel("Ask again").waitFor({ timeout: 60_000 });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Opens a note in the window's editor. */
export async function openNote(page: Page, path: string): Promise<void> {
  await page.evaluate((note) => window.app.workspace.openLinkText(note), path);
}
