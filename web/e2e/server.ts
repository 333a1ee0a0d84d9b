/** `packshot serve` on a free port, over a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
export const EXAMPLES = join(ROOT, "examples");

export interface Server {
  /** The link that people open; it holds the token. */
  link: string;
  origin: string;
  token: string;
  out: string;
  /** Ctrl-C; its folder stays when it is to be served again. */
  stop: (keep?: boolean) => Promise<void>;
  /** A request of a program, with the token. */
  request: (path: string, init?: RequestInit) => Promise<Response>;
}

/** A photo of the examples, as a browser hands it over. */
export function photo(source: string, name: string = source.replaceAll("/", "-")) {
  return { name, mimeType: "image/jpeg", buffer: readFileSync(join(EXAMPLES, "photos", source)) };
}

function command(): string {
  const given = process.env.PACKSHOT ?? join(ROOT, ".venv/bin/packshot");
  if (!existsSync(given)) throw new Error(`${given} is not there: run make setup, or set PACKSHOT`);
  return given;
}

/** Starts it over a new folder, or once more where `before` was. */
export async function startServer(before?: Server): Promise<Server> {
  const out = before?.out ?? mkdtempSync(join(tmpdir(), "packshot-page-"));
  const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONUNBUFFERED: "1" };
  const port = before ? new URL(before.origin).port : "0";
  const args = ["serve", out, "--port", port, "--no-open", "--jobs", "1"];
  if (before) args.push("--token", before.token);
  const child = spawn(command(), args, { env });
  const link = await linkOf(child);
  const { origin, searchParams } = new URL(link);
  const token = searchParams.get("token") ?? "";
  const stop = (keep = false): Promise<void> =>
    new Promise((done) => {
      child.once("exit", () => {
        if (!keep) rmSync(out, { recursive: true, force: true });
        done();
      });
      child.kill("SIGINT");
    });
  const request = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...init.headers };
    return fetch(origin + path, { ...init, headers });
  };
  return { link, origin, token, out, stop, request };
}

function linkOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    const listen = (data: Buffer): void => {
      said += data.toString();
      const link = /http:\S+\?token=\S+/.exec(said)?.[0];
      if (link) found(link);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => failed(new Error(`packshot serve ended with ${code}:\n${said}`)));
  });
}
