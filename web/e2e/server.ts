/** `packshot serve` on a free port, over a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
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
  stop: () => Promise<void>;
}

function command(): string {
  const given = process.env.PACKSHOT ?? join(ROOT, ".venv/bin/packshot");
  if (!existsSync(given)) throw new Error(`${given} is not there: run make setup, or set PACKSHOT`);
  return given;
}

export async function startServer(): Promise<Server> {
  const out = mkdtempSync(join(tmpdir(), "packshot-page-"));
  const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONUNBUFFERED: "1" };
  const child = spawn(command(), ["serve", out, "--port", "0", "--no-open", "--jobs", "1"], { env });
  const link = await linkOf(child);
  const { origin, searchParams } = new URL(link);
  const stop = (): Promise<void> =>
    new Promise((done) => {
      child.once("exit", () => {
        rmSync(out, { recursive: true, force: true });
        done();
      });
      child.kill("SIGINT");
    });
  return { link, origin, token: searchParams.get("token") ?? "", out, stop };
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
