import { beforeEach, describe, expect, it } from "vitest";
import { ApiProblem, unreachable } from "../src/api/problem";
import type { FileOffer } from "../src/api/schema";
import { tally, UploadQueue } from "../src/lib/uploadQueue";
import { Fake, type Step, ticketOf } from "./fakeTransport";

let server: Fake;
let queue: UploadQueue<string>;
const files = (...paths: string[]) =>
  paths.map((path) => ({ path, source: `bytes of ${path}`, type: "image/jpeg", bytes: 100 }));
const states = () => Object.fromEntries(queue.snapshot().map((one) => [one.path, one.state]));

async function settled(): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (queue.snapshot().every((one) => one.state !== "waiting" && one.state !== "sending")) return;
  }
  throw new Error(`not settled: ${JSON.stringify(states())}`);
}

async function until(seen: () => boolean): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    if (seen()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error("it never came");
}

/** Keeps a step of the server waiting until it is let go. */
function hold(step: Step): { letGo: () => void } {
  let letGo = (): void => undefined;
  server.held[step] = new Promise((resolve) => {
    letGo = resolve;
  });
  return { letGo };
}

beforeEach(() => {
  server = new Fake();
  queue = new UploadQueue(server);
});

describe("uploads", () => {
  it("sends every file once, a few at a time", async () => {
    const paths = Array.from({ length: 25 }, (_, index) => `${index}.jpg`);
    queue.add(files(...paths));
    await settled();
    expect(server.sent.toSorted()).toEqual(paths.toSorted());
    expect(server.mostAtOnce).toBe(3);
    expect(tally(queue.snapshot())).toMatchObject({ files: 25, done: 25, bytes: 2500, sent: 2500 });
  });

  it("announces in groups", async () => {
    queue.add(files(...Array.from({ length: 230 }, (_, index) => `${index}.jpg`)));
    await settled();
    expect(server.announced.map((group) => group.length)).toEqual([100, 100, 30]);
  });

  it("does not send what has arrived in an earlier visit", async () => {
    server.received.add("a.jpg 100");
    queue.add(files("a.jpg", "b.jpg"));
    await settled();
    expect(server.sent).toEqual(["b.jpg"]);
    expect(states()).toEqual({ "a.jpg": "done", "b.jpg": "done" });
  });

  it("tries again after a break, with longer and longer pauses", async () => {
    server.breaks.set("a.jpg", 2);
    queue.add(files("a.jpg"));
    await settled();
    expect(states()).toEqual({ "a.jpg": "done" });
    expect(server.pauses).toEqual([1000, 3000]);
  });

  it("gives up for now, and goes on when it is told to", async () => {
    server.breaks.set("a.jpg", 4);
    queue.add(files("a.jpg", "b.jpg"));
    await settled();
    expect(states()).toEqual({ "a.jpg": "unfinished", "b.jpg": "done" });
    expect(queue.snapshot()[0]?.problem?.code).toBe("unreachable");
    queue.resume();
    await settled();
    expect(states()).toEqual({ "a.jpg": "done", "b.jpg": "done" });
    expect(server.sent).toEqual(["b.jpg", "a.jpg"]);
  });

  it("finds the one file that the server refuses, and sends the others", async () => {
    server.refuses.add("bad.jpg");
    queue.add(files("a.jpg", "b.jpg", "bad.jpg", "c.jpg", "d.jpg"));
    await settled();
    expect(states()).toMatchObject({ "bad.jpg": "refused", "a.jpg": "done", "d.jpg": "done" });
    expect(tally(queue.snapshot())).toMatchObject({ done: 4, refused: 1, bytes: 400 });
  });

  it("keeps what is refused before it is announced away from the server", async () => {
    const problem = new ApiProblem("file_too_large", "Too large.", 0, false);
    queue.add([{ path: "huge.jpg", source: "", type: "image/jpeg", bytes: 1e9, problem }]);
    await settled();
    expect(states()).toEqual({ "huge.jpg": "refused" });
    expect(server.announced).toEqual([]);
  });

  it("sends nothing twice when the same files are dropped twice", async () => {
    queue.add(files("a.jpg"));
    await settled();
    queue.add(files("a.jpg"));
    await settled();
    expect(server.sent).toEqual(["a.jpg"]);
  });

  it("loses no photo that has the name of another", async () => {
    const photo = (bytes: number) => ({
      path: "mugs/front.jpg",
      source: `${bytes}`,
      type: "image/jpeg",
      bytes,
    });
    queue.add([photo(100), photo(200)]);
    queue.add([photo(300), photo(200)]);
    await settled();
    const sizes = queue.snapshot().map((one) => [one.path, one.bytes]);
    expect(sizes).toEqual([
      ["mugs/front.jpg", 100],
      ["mugs/front (2).jpg", 200],
      ["mugs/front (3).jpg", 300],
    ]);
    expect(server.sent).toHaveLength(3);
  });

  it("takes a mended manifest in place of the first", async () => {
    const list = (bytes: number) => ({ path: "list.csv", source: `${bytes}`, type: "text/csv", bytes });
    queue.add([list(100)]);
    await settled();
    queue.add([list(120)]);
    await settled();
    expect(queue.snapshot().map((one) => one.bytes)).toEqual([120]);
    expect(server.sent).toEqual(["list.csv", "list.csv"]);
  });

  it("waits for files of an earlier visit to be chosen again", async () => {
    const offer = (path: string): FileOffer => ({ path, content_type: "image/jpeg", bytes: 100 });
    queue.restore([ticketOf(offer("a.jpg"), true), ticketOf(offer("b.jpg"))]);
    queue.resume();
    await settled();
    expect(states()).toEqual({ "a.jpg": "done", "b.jpg": "unfinished" });
    queue.add(files("a.jpg", "b.jpg"));
    await settled();
    expect(states()).toEqual({ "a.jpg": "done", "b.jpg": "done" });
    expect(server.sent).toEqual(["b.jpg"]);
  });

  it("forgets a file on the server, too", async () => {
    queue.add(files("a.jpg"));
    await settled();
    await queue.remove("a.jpg");
    expect(server.forgotten).toEqual(["a.jpg"]);
    expect(queue.snapshot()).toEqual([]);
  });

  it("sends a mended manifest of the same size, also where the server has one of that size", async () => {
    const list = (source: string, modified: number) => ({
      path: "list.csv",
      source,
      type: "text/csv",
      bytes: 100,
      modified,
    });
    queue.add([list("first", 1)]);
    await settled();
    queue.add([list("first", 1)]);
    queue.add([list("mended", 2)]);
    await settled();
    expect(server.sources).toEqual(["first", "mended"]);
    queue = new UploadQueue(server);
    queue.restore([ticketOf({ path: "list.csv", content_type: "text/csv", bytes: 100 }, true)]);
    queue.add([list("mended once more", 3)]);
    await settled();
    expect(server.sources).toEqual(["first", "mended", "mended once more"]);
  });

  it("loses no photo that has the name and the size of another", async () => {
    const photo = (modified: number) => ({
      path: "front.tif",
      source: `${modified}`,
      type: "image/tiff",
      bytes: 100,
      modified,
    });
    queue.add([photo(1), photo(2), photo(1)]);
    await settled();
    expect(Object.keys(states())).toEqual(["front.tif", "front (2).tif"]);
    expect(server.sources).toEqual(["1", "2"]);
  });

  it("takes a mended photo in place of one that was refused", async () => {
    const problem = new ApiProblem("file_too_large", "Too large.", 0, false);
    queue.add([{ path: "mug.jpg", source: "", type: "image/jpeg", bytes: 1e9, problem }]);
    queue.add(files("mug.jpg"));
    await settled();
    expect(states()).toEqual({ "mug.jpg": "done" });
  });

  it("sends a mended manifest that comes while the first is being sent", async () => {
    const list = (bytes: number) => ({ path: "list.csv", source: `${bytes}`, type: "text/csv", bytes });
    const held = hold("send");
    queue.add([list(100)]);
    await until(() => server.sending === 1);
    const late = hold("announce");
    queue.add([list(120)]);
    held.letGo();
    await until(() => server.sending === 0);
    late.letGo();
    await settled();
    expect(server.sources).toEqual(["100", "120"]);
    expect(queue.snapshot()).toMatchObject([{ bytes: 120, state: "done", ticket: { bytes: 120 } }]);
  });

  it("does not send a file that was taken out in a pause between two tries", async () => {
    const held = hold("wait");
    server.breaks.set("a.jpg", 1);
    queue.add(files("a.jpg"));
    await until(() => server.pauses.length === 1);
    await queue.remove("a.jpg");
    held.letGo();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([server.sources.length, server.sent, queue.snapshot()]).toEqual([1, [], []]);
  });

  it("forgets a file on the server that was taken out while it was announced", async () => {
    const held = hold("announce");
    queue.add(files("a.jpg", "b.jpg"));
    await queue.remove("a.jpg");
    held.letGo();
    await settled();
    expect([server.sent, server.forgotten]).toEqual([["b.jpg"], ["a.jpg"]]);
  });

  it("does not begin with a file while the server is asked to forget it", async () => {
    const sending = hold("send");
    const forgetting = hold("forget");
    queue.add(files("1.jpg", "2.jpg", "3.jpg", "out.jpg"));
    await until(() => server.sending === 3);
    const removed = queue.remove("out.jpg");
    sending.letGo();
    await until(() => server.sent.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    forgetting.letGo();
    await removed;
    expect(server.sent).not.toContain("out.jpg");
    expect(states()).toEqual({ "1.jpg": "done", "2.jpg": "done", "3.jpg": "done" });
  });

  it("keeps a file that could not be taken out, to be sent again", async () => {
    const held = hold("send");
    queue.add(files("1.jpg", "2.jpg", "3.jpg", "kept.jpg"));
    await until(() => server.sending === 3);
    server.forget = () => Promise.reject(unreachable());
    await expect(queue.remove("kept.jpg")).rejects.toThrow();
    held.letGo();
    await settled();
    expect(states()["kept.jpg"]).toBe("unfinished");
    queue.resume();
    await settled();
    expect(server.sent).toContain("kept.jpg");
  });

  it("takes out what the server has forgotten already", async () => {
    queue.add(files("a.jpg"));
    await settled();
    server.knows = false;
    await queue.remove("a.jpg");
    expect(queue.snapshot()).toEqual([]);
  });

  it("announces and sends nothing more once it was stopped", async () => {
    const held = hold("send");
    queue.add(files(...Array.from({ length: 150 }, (_, index) => `${index}.jpg`)));
    await until(() => server.sending === 3);
    const before = server.announced.length;
    queue.stop();
    held.letGo();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.sources).toHaveLength(3);
    queue.add(files("late.jpg"));
    queue.resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([server.announced.length, server.sources.length]).toEqual([before, 3]);
  });

  it("shows a new list with every change, and the old one as it was", async () => {
    const seen: (readonly unknown[])[] = [];
    queue.subscribe(() => seen.push(queue.snapshot()));
    queue.add(files("a.jpg"));
    await settled();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen[0]).toMatchObject([{ state: "waiting", sent: 0 }]);
    expect(seen.some((list) => (list[0] as { sent: number }).sent === 50)).toBe(true);
  });
});
