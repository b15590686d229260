/**
 * A small Obsidian for a browser test: enough of the app for the built main.js to load, open its pane, mark notes.
 * Its markdown renderer allows everything, so that what the chat makes harmless is seen to be.
 */

import * as commands from "@codemirror/commands";
import * as language from "@codemirror/language";
import * as state from "@codemirror/state";
import * as view from "@codemirror/view";
import MarkdownIt from "markdown-it";

import { add } from "../../../src/chat/dom";
import type { Icon } from "../../../src/chat/host";
import { drawIcon } from "../../../src/page/icons";

interface Node {
  readFile(path: string): Promise<string | null>;
  writeFile(path: string, text: string): Promise<void>;
  start(command: string, parts: readonly string[]): Promise<void>;
}

interface World {
  readonly node: Node;
  readonly vault: string;
  readonly home: string;
  readonly notes: Record<string, string>;
}

declare global {
  interface Window {
    world: World;
    opened: string[];
    notices: string[];
    executed: string[];
    postProcessors: ((element: HTMLElement, context: { sourcePath: string }) => void)[];
    loadMilliseconds: number;
    app: App;
    plugin: Plugin;
    require(name: string): unknown;
  }
}

function place(selector: string): HTMLElement {
  return document.querySelector<HTMLElement>(selector) ?? document.body;
}

type Callback = (...parts: unknown[]) => void;

class Events {
  readonly handlers = new Map<string, Set<Callback>>();
  on(name: string, callback: Callback) {
    const known = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, known.add(callback));
    return { off: () => known.delete(callback) };
  }
  trigger(name: string, ...parts: unknown[]) {
    for (const handler of this.handlers.get(name) ?? []) handler(...parts);
  }
}

class Component {
  private readonly children = new Set<Component>();
  private readonly ends: (() => void)[] = [];
  onload(): unknown {
    return undefined;
  }
  onunload() {}
  load() {
    return this.onload();
  }
  unload() {
    for (const child of this.children) child.unload();
    this.onunload();
    for (const end of this.ends.splice(0).reverse()) end();
  }
  addChild<Child extends Component>(child: Child): Child {
    this.children.add(child);
    child.load();
    return child;
  }
  register(end: () => void) {
    this.ends.push(end);
  }
  registerEvent(event: { off(): void }) {
    this.ends.push(() => event.off());
  }
  registerInterval(id: number) {
    this.ends.push(() => window.clearInterval(id));
    return id;
  }
}

class ItemView extends Component {
  readonly containerEl: HTMLElement;
  readonly contentEl: HTMLElement;
  icon = "";
  constructor(readonly leaf: Leaf) {
    super();
    this.containerEl = leaf.element;
    this.contentEl = add(leaf.element, "div", { cls: "view-content" });
  }
  get app() {
    return window.app;
  }
  onOpen(): unknown {
    return undefined;
  }
  onClose(): unknown {
    return undefined;
  }
}

const editorLivePreviewField = state.StateField.define<boolean>({ create: () => true, update: (value) => value });
const editorInfoField = state.StateField.define<{ file: { path: string } | null }>({
  create: () => ({ file: null }),
  update: (value) => value,
});

class MarkdownView extends ItemView {
  file: { path: string } | null = null;
  readonly editor: { cm: view.EditorView; getSelection(): string };
  getMode() {
    return "source";
  }
  /** Obsidian writes some seconds after the last key; here it is written when the test or the plugin says so. */
  async save() {
    if (this.file !== null) await window.world.node.writeFile(`${window.world.vault}/${this.file.path}`, this.editor.cm.state.doc.toString());
  }
  readonly previewMode = { rerender: () => undefined };
  constructor(leaf: Leaf) {
    super(leaf);
    const cm = new view.EditorView({ parent: this.contentEl });
    this.editor = { cm, getSelection: () => cm.state.sliceDoc(cm.state.selection.main.from, cm.state.selection.main.to) };
  }
  async show(path: string) {
    this.file = { path };
    const text = await window.world.node.readFile(`${window.world.vault}/${path}`);
    const extensions = [
      window.app.extensions,
      editorLivePreviewField,
      editorInfoField.init(() => ({ file: this.file })),
      commands.history(),
      view.keymap.of(commands.historyKeymap),
      view.EditorView.lineWrapping,
    ];
    this.editor.cm.setState(state.EditorState.create({ doc: text ?? "", extensions }));
  }
}

class Leaf {
  view: ItemView | null = null;
  constructor(
    readonly type: string,
    readonly element: HTMLElement,
  ) {}
}

class Workspace extends Events {
  readonly leaves: Leaf[] = [];
  readonly containerEl = document.body;
  readonly makers = new Map<string, (leaf: Leaf) => ItemView>();
  active: string | null = null;
  onLayoutReady(call: () => void) {
    call();
  }
  getLeavesOfType(type: string) {
    return this.leaves.filter((leaf) => leaf.type === type);
  }
  async ensureSideLeaf(type: string) {
    let leaf = this.leaves.find((one) => one.type === type);
    if (leaf === undefined) {
      leaf = new Leaf(type, place("#sidebar"));
      leaf.view = this.makers.get(type)?.(leaf) ?? null;
      this.leaves.push(leaf);
      await leaf.view?.onOpen();
    }
    for (const { element, view: shown } of this.leaves) {
      if (element === leaf.element) shown?.contentEl.toggleAttribute("hidden", shown !== leaf.view);
    }
    return leaf;
  }
  async revealLeaf() {}
  getActiveFile() {
    return this.active === null ? null : { path: this.active };
  }
  getActiveViewOfType(type: typeof MarkdownView) {
    return this.leaves.map((leaf) => leaf.view).find((one) => one instanceof type) ?? null;
  }
  /** Another pane with a note, as in a split or a pop-out window. */
  async openInNewPane(path: string) {
    const leaf = new Leaf("markdown", place("#editor"));
    const shown = new MarkdownView(leaf);
    leaf.view = shown;
    this.leaves.push(leaf);
    await shown.show(path);
    this.trigger("layout-change");
  }
  async openLinkText(path: string) {
    window.opened.push(path);
    this.active = path;
    const found = this.getActiveViewOfType(MarkdownView);
    if (found instanceof MarkdownView) await found.show(path);
    this.trigger("file-open", { path });
  }
}

class FileSystemAdapter {
  getBasePath() {
    return window.world.vault;
  }
}

class App {
  readonly workspace = new Workspace();
  readonly extensions: state.Extension[] = [];
  readonly vault = Object.assign(new Events(), {
    adapter: new FileSystemAdapter(),
    getName: () => "Notes",
    getMarkdownFiles: () => Object.keys(window.world.notes).map((path) => ({ path })),
    getFileByPath: (path: string) => (path in window.world.notes ? { path } : null),
  });
  readonly metadataCache = {
    getFileCache: ({ path }: { path: string }) => {
      const heading = /^# (.+)$/m.exec(window.world.notes[path] ?? "")?.[1];
      return { headings: heading === undefined ? [] : [{ level: 1, heading }] };
    },
    getFirstLinkpathDest: (link: string) => {
      const path = Object.keys(window.world.notes).find((note) => note === link || note === `${link}.md` || note.endsWith(`/${link}.md`));
      return path === undefined ? null : { path };
    },
  };
  readonly secretStorage = { getSecret: () => null };
}

interface Command {
  callback?: () => void;
  editorCallback?: (editor: MarkdownView["editor"]) => void;
}

class Plugin extends Component {
  readonly commands = new Map<string, Command>();
  data: unknown = null;
  constructor(
    readonly app: App,
    readonly manifest: object,
  ) {
    super();
  }
  async loadData() {
    return this.data;
  }
  async saveData(data: unknown) {
    this.data = data;
  }
  registerView(type: string, make: (leaf: Leaf) => ItemView) {
    this.app.workspace.makers.set(type, make);
    this.register(() => {
      const { leaves } = this.app.workspace;
      for (const leaf of leaves.filter((one) => one.type === type)) {
        leaf.view?.onClose();
        leaf.view?.contentEl.remove();
        leaves.splice(leaves.indexOf(leaf), 1);
      }
    });
  }
  registerHoverLinkSource() {}
  registerEditorExtension(extension: state.Extension) {
    this.app.extensions.push(extension);
  }
  addRibbonIcon() {
    return document.body;
  }
  addStatusBarItem() {
    const item = add(place("#status"), "span");
    this.register(() => item.remove());
    return item;
  }
  registerMarkdownPostProcessor(process: (element: HTMLElement, context: { sourcePath: string }) => void) {
    window.postProcessors.push(process);
  }
  /** Runs a command as the palette does, on the note that is active. */
  run(id: string) {
    const { callback, editorCallback } = this.commands.get(id) ?? {};
    const shown = this.app.workspace.getActiveViewOfType(MarkdownView);
    callback?.();
    if (shown instanceof MarkdownView) editorCallback?.(shown.editor);
  }
  addSettingTab() {}
  addCommand(command: Command & { id: string }) {
    this.commands.set(command.id, command);
  }
}

class Notice {
  constructor(text: string) {
    window.notices.push(text);
  }
}

const LUCIDE: Readonly<Record<string, Icon>> = {
  "arrow-up": "send", square: "stop", plus: "new", history: "history", eye: "read", pencil: "written", "file-text": "active-note",
  copy: "copy", "rotate-ccw": "retry", "undo-2": "undo", x: "close", "arrow-down": "down",
};

const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.validateLink = () => true;
markdown.linkify.set({ fuzzyLink: false });
markdown.inline.ruler.before("link", "wikilink", (inline, silent) => {
  const found = /^\[\[([^\]|#]+)(?:#[^\]|]*)?(?:\|([^\]]+))?\]\]/.exec(inline.src.slice(inline.pos));
  if (found === null) return false;
  if (!silent) {
    const open = inline.push("link_open", "a", 1);
    open.attrSet("class", "internal-link");
    open.attrSet("data-href", found[1] ?? "");
    open.attrSet("href", found[1] ?? "");
    inline.push("text", "", 0).content = found[2] ?? found[1] ?? "";
    inline.push("link_close", "a", -1);
  }
  inline.pos += found[0].length;
  return true;
});

const MarkdownRenderer = {
  /** Renders all, and runs what Dataview would run. */
  async render(_app: App, text: string, into: HTMLElement, sourcePath: string) {
    const parsed = new DOMParser().parseFromString(markdown.render(text), "text/html");
    into.append(...parsed.body.childNodes);
    for (const process of window.postProcessors) process(into, { sourcePath });
    for (const script of into.querySelectorAll("script")) window.executed.push(script.textContent);
    for (const code of into.querySelectorAll("code")) {
      if (/^\$?=/.test(code.textContent) || code.className.includes("dataview")) window.executed.push(code.textContent);
    }
  },
};

function extendElements() {
  const element = HTMLElement.prototype as HTMLElement & Record<string, unknown>;
  element["addClass"] = function (this: HTMLElement, name: string) {
    this.classList.add(name);
  };
  element["createSpan"] = function (this: HTMLElement, options: { cls: string; attr: Record<string, string> }) {
    return add(this, "span", { cls: options.cls, attributes: options.attr });
  };
  Object.defineProperty(Node.prototype, "win", { get: () => window });
}

const obsidian = {
  Component, ItemView, MarkdownView, Plugin, Notice, FileSystemAdapter, MarkdownRenderer,
  editorInfoField, editorLivePreviewField,
  PluginSettingTab: class {}, SecretComponent: class {},
  Keymap: { isModEvent: () => false },
  Platform: { isDesktop: true, isWin: false, isLinux: true },
  setIcon: (element: HTMLElement, name: string) => {
    const icon = LUCIDE[name];
    if (icon !== undefined) drawIcon(element, icon);
  },
};

const modules: Readonly<Record<string, unknown>> = {
  obsidian,
  "@codemirror/language": language,
  "@codemirror/state": state,
  "@codemirror/view": view,
  "node:fs/promises": {
    readFile: async (path: string) => {
      const text = await window.world.node.readFile(path);
      if (text === null) throw new Error("ENOENT");
      return text;
    },
  },
  "node:os": { homedir: () => "/nobody" },
  "node:child_process": {
    spawn: (command: string, parts: readonly string[]) => ({
      once: (name: string, call: () => void) => {
        if (name === "spawn") void window.world.node.start(command, parts).then(call);
      },
      unref: () => undefined,
    }),
  },
};

function load(name: string): unknown {
  return modules[name];
}

/** Loads the built plugin as Obsidian does: its text, with a `require`. */
export async function loadPlugin(source: string): Promise<void> {
  extendElements();
  Object.assign(window, { opened: [], notices: [], executed: [], postProcessors: [], require: (name: string) => modules[name] });
  Object.assign(window, { process: { env: { COMMONPLACE_HOME: window.world.home } } });
  window.app = new App();
  const explorer = new Leaf("file-explorer", place("#explorer"));
  explorer.view = { fileItems: explorerItems(explorer.element) } as unknown as ItemView;
  window.app.workspace.leaves.push(explorer);
  const module = { exports: {} as { default: new (app: App, manifest: object) => Plugin } };
  add(document.head, "script", { text: `window.loadMain = (module, exports, require) => {${source}\n}` });
  (window as unknown as { loadMain(...parts: unknown[]): void }).loadMain(module, module.exports, load);
  window.plugin = new module.exports.default(window.app, {});
  const began = performance.now();
  await window.plugin.load();
  window.loadMilliseconds = performance.now() - began;
  const editor = new Leaf("markdown", place("#editor"));
  editor.view = new MarkdownView(editor);
  window.app.workspace.leaves.push(editor);
}

function explorerItems(parent: HTMLElement) {
  const items: Record<string, { selfEl: HTMLElement }> = {};
  const paths = Object.keys(window.world.notes).flatMap((path) => {
    const folder = path.split("/").slice(0, -1).join("/");
    return folder === "" ? [path] : [folder, path];
  });
  for (const path of [...new Set(paths)].sort()) {
    const row = add(parent, "div", { cls: "nav-file-title", attributes: { style: `padding-inline-start: ${12 * path.split("/").length}px` } });
    add(row, "span", { text: (path.split("/").at(-1) ?? "").replace(/\.md$/, "") });
    items[path] = { selfEl: row };
  }
  return items;
}

Object.assign(window, { loadPlugin });
