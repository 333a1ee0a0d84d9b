import { describe, expect, it } from "vitest";
import { dropped, listOf, rooted, sift, typeOf } from "../src/lib/files";

const LIMITS = {
  picture_types: ["image/jpeg", "image/heic"],
  manifest_types: ["text/csv"],
  max_picture_bytes: 1000,
  max_manifest_bytes: 100,
};
const file = (name: string, bytes = 10) => new File([new Uint8Array(bytes)], name);
const given = (path: string, bytes?: number) => ({ path, file: file(path.split("/").pop() ?? "", bytes) });

/** Folders as a browser hands them over: their readers answer a few entries at a time. */
function entry(path: string, children?: FileSystemEntry[]): FileSystemEntry {
  const name = path.split("/").pop() ?? "";
  if (!children) {
    return {
      isFile: true,
      fullPath: path,
      file: (done: (one: File) => void) => done(file(name)),
    } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = [...children];
    return { readEntries: (done: (some: FileSystemEntry[]) => void) => done(left.splice(0, 2)) };
  };
  return { isFile: false, fullPath: path, createReader } as unknown as FileSystemEntry;
}

function drop(...entries: FileSystemEntry[]): DataTransfer {
  return {
    items: entries.map((one) => ({ webkitGetAsEntry: () => one })),
    files: [],
  } as unknown as DataTransfer;
}

describe("what is dropped", () => {
  it("is walked through, however many entries a folder has", async () => {
    const shots = ["a", "b", "c", "d", "e"].map((name) => entry(`/mugs/red/${name}.jpg`));
    const found = await dropped(drop(entry("/mugs", [entry("/mugs/red", shots), entry("/mugs/list.csv")])));
    // The folder that all lie in says nothing; those below are product group and SKU.
    expect(found.map((one) => one.path)).toEqual([
      "red/a.jpg",
      "red/b.jpg",
      "red/c.jpg",
      "red/d.jpg",
      "red/e.jpg",
      "list.csv",
    ]);
  });

  it("may be single files, and several folders keep their names", async () => {
    const found = await dropped(drop(entry("/mugs", [entry("/mugs/a.jpg")]), entry("/b.jpg")));
    expect(found.map((one) => one.path)).toEqual(["mugs/a.jpg", "b.jpg"]);
  });

  it("fails as a whole when a folder can't be read", async () => {
    const broken = {
      isFile: false,
      createReader: () => ({
        readEntries: (_: unknown, fail: (error: Error) => void) => fail(new Error("gone")),
      }),
    } as unknown as FileSystemEntry;
    await expect(dropped(drop(broken))).rejects.toThrow("gone");
  });

  it("comes as plain files from browsers that know no folders", async () => {
    const transfer = { items: [], files: [file("a.jpg")] } as unknown as DataTransfer;
    expect((await dropped(transfer)).map((one) => one.path)).toEqual(["a.jpg"]);
  });
});

describe("the folder that all of it lies in", () => {
  it("is left out, and only that one", () => {
    expect(rooted([{ path: "x/a/1.jpg" }, { path: "x/b/2.jpg" }])).toEqual([
      { path: "a/1.jpg" },
      { path: "b/2.jpg" },
    ]);
    expect(rooted([{ path: "x/1.jpg" }, { path: "y/2.jpg" }])).toEqual([
      { path: "x/1.jpg" },
      { path: "y/2.jpg" },
    ]);
    expect(rooted([{ path: "xy/1.jpg" }, { path: "x/2.jpg" }])).toEqual([
      { path: "xy/1.jpg" },
      { path: "x/2.jpg" },
    ]);
    expect(rooted([])).toEqual([]);
  });
});

describe("what can be sent", () => {
  it("goes by the ending, since browsers don't know all types", () => {
    expect(["A.JPG", "b.heic", "c.csv", "d.svg", "e"].map(typeOf)).toEqual([
      "image/jpeg",
      "image/heic",
      "text/csv",
      null,
      null,
    ]);
  });

  it.each([
    ["logo.svg", 10, "upload_type_refused"],
    ["scan.tiff", 10, "upload_type_refused"],
    ["empty.jpg", 0, "file_empty"],
    ["large.jpg", 1001, "file_too_large"],
    ["large.csv", 101, "file_too_large"],
    ["fits.jpg", 1000, undefined],
    ["list.csv", 100, undefined],
  ])("says of %s why not", (name, bytes, code) => {
    expect(sift([given(name, bytes)], LIMITS)[0]?.problem?.code).toBe(code);
  });

  it("leaves out what only file managers use, without a word", () => {
    const all = ["a/.DS_Store", "a/Thumbs.db", "desktop.ini", "a/1.jpg"].map((path) => given(path));
    expect(sift(all, LIMITS).map((one) => one.path)).toEqual(["a/1.jpg"]);
  });
});

describe("the list that is taken", () => {
  it("is the first, unless another one or none was chosen", () => {
    const there = ["a.csv", "b.csv"];
    expect([null, "b.csv", ""].map((chosen) => listOf(chosen, there))).toEqual(["a.csv", "b.csv", ""]);
    expect(listOf(null, [])).toBe("");
  });

  it("is none that was taken out", () => {
    expect([listOf("b.csv", ["a.csv"]), listOf("b.csv", [])]).toEqual(["a.csv", ""]);
  });
});
