/** Where a link of the agent's leads, as an address that Obsidian opens. Pure. */

/** The path of the note in the vault: as it is written, or below the memory's folder; null where none is known. */
export function noteAt(link: string, notes: readonly string[], memory: string): string | null {
  const target = link.split("#")[0]?.trim() ?? "";
  if (target === "") return null;
  const wanted = target.endsWith(".md") ? [target] : [`${target}.md`, target];
  const places = wanted.flatMap((path) => (memory === "" ? [path] : [path, `${memory}/${path}`]));
  const exact = [link, ...places].find((path) => notes.includes(path));
  if (exact !== undefined) return exact;
  const lower = wanted.map((path) => path.toLowerCase());
  const ends = notes.filter((note) => lower.some((path) => note.toLowerCase() === path || note.toLowerCase().endsWith(`/${path}`)));
  return ends.sort((one, other) => one.length - other.length)[0] ?? null;
}

/** Obsidian's own address of a note; a vault is named by its folder. */
export function obsidianAddress(vault: string, path: string): string {
  return `obsidian://open?vault=${encodeURIComponent(nameOfFolder(vault))}&file=${encodeURIComponent(path)}`;
}

export function nameOfFolder(path: string): string {
  return path.replace(/[\\/]+$/, "").split(/[\\/]/).at(-1) ?? path;
}
