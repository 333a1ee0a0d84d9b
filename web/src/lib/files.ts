/** Files that people drop or choose, with the folders that they lie in. */
import { ApiProblem } from "../api/problem";
import type { About } from "../api/schema";
import { bytes } from "./format";

export interface Chosen {
  path: string;
  source: File;
  type: string;
  bytes: number;
  modified: number;
  problem?: ApiProblem;
}

/** Content types by the file name's ending: browsers don't know all of them. */
const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
  heic: "image/heic",
  heif: "image/heif",
  tif: "image/tiff",
  tiff: "image/tiff",
  gif: "image/gif",
  bmp: "image/bmp",
  csv: "text/csv",
  json: "application/json",
  jsonl: "application/jsonl",
  ndjson: "application/x-ndjson",
};

export function typeOf(name: string): string | null {
  return TYPES[name.toLowerCase().split(".").pop() ?? ""] ?? null;
}

export function isManifest(type: string): boolean {
  return !type.startsWith("image/");
}

/** The list that is taken: the chosen one as long as it is there, else the first; empty for none. */
export function listOf(chosen: string | null, manifests: readonly string[]): string {
  if (chosen === "" || (chosen !== null && manifests.includes(chosen))) return chosen;
  return manifests[0] ?? "";
}

type Limits = Pick<About, "picture_types" | "manifest_types" | "max_picture_bytes" | "max_manifest_bytes">;

/** What can be sent of some files; files that only file managers use are left out without a word. */
export function sift(files: { path: string; file: File }[], limits: Limits): Chosen[] {
  return files.flatMap(({ path, file }) => {
    const name = path.split("/").pop() ?? path;
    if (name.startsWith(".") || /^(thumbs\.db|desktop\.ini)$/i.test(name)) return [];
    const type = typeOf(name);
    const facts = { path, source: file, bytes: file.size, modified: file.lastModified };
    const chosen = { ...facts, type: type ?? "application/octet-stream" };
    const problem = faultOf(type, file.size, limits);
    return [problem ? { ...chosen, problem } : chosen];
  });
}

function faultOf(type: string | null, size: number, limits: Limits): ApiProblem | undefined {
  const say = (code: string, words: string): ApiProblem => new ApiProblem(code, words, 0, false);
  if (type === null || ![...limits.picture_types, ...limits.manifest_types].includes(type)) {
    return say("upload_type_refused", "This is neither a photo nor a manifest that Packshot reads.");
  }
  if (size === 0) return say("file_empty", "The file is empty.");
  const most = isManifest(type) ? limits.max_manifest_bytes : limits.max_picture_bytes;
  if (size > most)
    return say("file_too_large", `The file has ${bytes(size)}; at most ${bytes(most)} are taken.`);
  return undefined;
}

/** All files of a drop, folders walked through. */
export async function dropped(transfer: DataTransfer): Promise<{ path: string; file: File }[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ path: file.name, file }));
  const found = await Promise.all(entries.map(walk));
  return rooted(found.flat());
}

/** Files of an `<input type="file">`, of a folder too. */
export function picked(list: FileList): { path: string; file: File }[] {
  return rooted([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Without the one folder that all of them lie in: its name says nothing about a single photo. */
export function rooted<Item extends { path: string }>(items: Item[]): Item[] {
  const first = items[0]?.path.split("/") ?? [];
  const folder = first.length > 1 ? `${first[0]}/` : null;
  if (folder === null || !items.every((item) => item.path.startsWith(folder))) return items;
  return items.map((item) => ({ ...item, path: item.path.slice(folder.length) }));
}

async function walk(entry: FileSystemEntry): Promise<{ path: string; file: File }[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    // A reader answers with a hundred entries at a time, and with none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    children.push(...some);
  }
  return (await Promise.all(children.map(walk))).flat();
}
