/**
 * Files on their way to the server: announced in groups, sent a few at a time, sent again when a connection
 * breaks. It knows no browser: how files are announced and sent is given to it.
 */
import { type ApiProblem, asProblem } from "../api/problem";
import type { FileOffer, UploadTicket } from "../api/schema";

export type UploadState = "waiting" | "sending" | "done" | "unfinished" | "refused";

export interface Upload<Source> {
  /** Where it goes: its name, with the folders before it. It is its id, too. */
  path: string;
  /** null: it was announced in an earlier visit, and must be chosen again to be sent. */
  source: Source | null;
  type: string;
  bytes: number;
  /** When it was written, in milliseconds since 1970; unknown of an earlier visit's. */
  modified?: number;
  sent: number;
  state: UploadState;
  problem: ApiProblem | null;
  ticket: UploadTicket | null;
}

/** A file as it was chosen. */
export interface Added<Source> extends Pick<Upload<Source>, "path" | "type" | "bytes" | "modified"> {
  source: Source;
  /** Why it is not even announced. */
  problem?: ApiProblem;
}

export interface Transport<Source> {
  announce(offers: FileOffer[], signal: AbortSignal): Promise<UploadTicket[]>;
  send(
    ticket: UploadTicket,
    source: Source,
    progress: (sent: number) => void,
    signal: AbortSignal,
  ): Promise<void>;
  forget(ticket: UploadTicket): Promise<void>;
  wait(ms: number): Promise<void>;
}

/** Files in one announcement, at most, and files that are sent at once. */
const GROUP = 100;
const AT_ONCE = 3;
/** Milliseconds before each further try; after the last one the file waits for the person or the network. */
const PAUSES = [1000, 3000, 8000];
/** Announcements and seals that have run out are simply asked for again. */
const STALE = new Set(["upload_link_invalid", "upload_unknown"]);

export class UploadQueue<Source> {
  private items = new Map<string, Upload<Source>>();
  private listeners = new Set<() => void>();
  private shown: readonly Upload<Source>[] = [];
  private working = 0;
  private announcing = false;
  private controllers = new Map<string, AbortController>();
  private readonly stopping = new AbortController();

  constructor(private readonly transport: Transport<Source>) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** All files, in the order in which they were added; a new list whenever something has changed. */
  snapshot = (): readonly Upload<Source>[] => this.shown;

  /**
   * Adds files; one that is there already isn't sent twice. Another photo of the same name gets a name of its own,
   * so that none is lost; another manifest takes the place of the first.
   */
  add(files: Added<Source>[]): void {
    for (const { problem = null, ...file } of files) {
      const path = this.placeOf(file);
      const there = this.items.get(path);
      const stands = there && isSame(there, file) && (isPhoto(file) || there.source !== null);
      if (stands && there.state !== "unfinished" && there.state !== "refused") continue;
      this.controllers.get(path)?.abort(); // what it takes the place of
      const state: UploadState = problem === null ? "waiting" : "refused";
      this.items.set(path, { ...file, path, sent: 0, state, problem, ticket: null });
    }
    this.changed();
    this.go();
  }

  /** Its own path, or that with a number where another photo has it: one that was refused has no claim to it. */
  private placeOf(file: Added<Source>): string {
    let path = file.path;
    for (let count = 2; ; count += 1) {
      const there = this.items.get(path);
      if (!there || isSame(there, file) || there.state === "refused" || !isPhoto(file)) return path;
      path = file.path.replace(/(\.[^./]*)?$/, ` (${count})$1`);
    }
  }

  /** Files of an earlier visit: what has arrived stands, the rest waits to be chosen again. */
  restore(tickets: readonly UploadTicket[]): void {
    for (const ticket of tickets) {
      if (this.items.has(ticket.path)) continue;
      const facts = {
        path: ticket.path,
        source: null,
        type: ticket.content_type,
        bytes: ticket.bytes,
        ticket,
      };
      const state: UploadState = ticket.received ? "done" : "unfinished";
      this.items.set(ticket.path, {
        ...facts,
        state,
        sent: ticket.received ? ticket.bytes : 0,
        problem: null,
      });
    }
    this.changed();
  }

  /** Sends what is unfinished again. */
  resume(): void {
    for (const item of this.items.values()) {
      if (item.state === "unfinished" && item.source !== null)
        this.set(item, { state: "waiting", sent: 0, ticket: null, problem: null });
    }
    this.go();
  }

  /** Takes a file out, here and on the server. */
  async remove(path: string): Promise<void> {
    const item = this.items.get(path);
    if (!item) return;
    this.controllers.get(path)?.abort();
    const coming = item.ticket !== null && (item.state === "waiting" || item.state === "sending");
    // Until the server has answered nobody begins with it: what is sent after all would stay there.
    if (coming) this.set(item, { state: "unfinished", sent: 0 });
    try {
      if (item.ticket) await this.transport.forget(item.ticket);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 404) {
        if (coming) this.set(item, { problem });
        throw error;
      }
    }
    this.items.delete(path);
    this.changed();
  }

  /** Nothing more is announced or sent; what has arrived stays where it is. */
  stop(): void {
    this.stopping.abort();
    for (const controller of this.controllers.values()) controller.abort();
  }

  private go(): void {
    if (this.stopping.signal.aborted) return;
    void this.announceSome();
    while (this.working < AT_ONCE) {
      const next = [...this.items.values()].find((item) => item.state === "waiting" && item.ticket !== null);
      if (!next?.ticket) return;
      this.working += 1;
      void this.sendOne(next.path).finally(() => {
        this.working -= 1;
        this.go();
      });
    }
  }

  private async announceSome(): Promise<void> {
    if (this.announcing) return;
    const group = [...this.items.values()]
      .filter((item) => item.state === "waiting" && item.ticket === null)
      .slice(0, GROUP);
    if (group.length === 0) return;
    this.announcing = true;
    try {
      await this.announce(group.map((item) => item.path));
    } finally {
      this.announcing = false;
    }
    this.go();
  }

  /** The server refuses an announcement as a whole: halves find the file that it was for. */
  private async announce(paths: string[]): Promise<void> {
    const items = paths.flatMap((path) => this.items.get(path) ?? []);
    if (items.length === 0) return;
    const offers = items.map(({ path, type, bytes }) => ({ path, content_type: type, bytes }));
    try {
      const { signal } = this.stopping;
      const tickets = await this.trying(signal, () => this.transport.announce(offers, signal));
      items.forEach((item, index) => {
        const ticket = tickets[index];
        if (!ticket) return;
        // What is there is known by its size, and a list may keep that when it is mended.
        const arrived = ticket.received && isPhoto(item);
        this.set(item, arrived ? { ticket, ...finished(ticket) } : { ticket });
        // It was taken out meanwhile; should that not arrive, nothing but its name is left there.
        if (!this.items.has(item.path)) void this.transport.forget(ticket).catch(() => undefined);
      });
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const problem = asProblem(error);
      if (problem.retryable || problem.unauthorised) {
        for (const item of items) this.set(item, { state: "unfinished", problem });
      } else if (paths.length > 1) {
        const half = Math.ceil(paths.length / 2);
        await this.announce(paths.slice(0, half));
        await this.announce(paths.slice(half));
      } else {
        for (const item of items) this.set(item, { state: "refused", problem });
      }
    }
  }

  private async sendOne(path: string): Promise<void> {
    const item = this.items.get(path);
    if (!item?.ticket || item.source === null) return;
    const { ticket, source } = item;
    const controller = new AbortController();
    const { signal } = controller;
    this.controllers.set(path, controller);
    this.set(item, { state: "sending", sent: 0 });
    const progress = (sent: number): void => this.set(item, { sent: Math.min(sent, item.bytes) });
    try {
      await this.trying(signal, () => this.transport.send(ticket, source, progress, signal));
      this.set(item, finished(ticket));
    } catch (error) {
      if (signal.aborted) return;
      const problem = asProblem(error);
      const state: UploadState = problem.retryable || STALE.has(problem.code) ? "unfinished" : "refused";
      this.set(item, { state, problem, sent: 0 });
    } finally {
      if (this.controllers.get(path) === controller) this.controllers.delete(path);
    }
  }

  private async trying<Answer>(signal: AbortSignal, act: () => Promise<Answer>): Promise<Answer> {
    for (const pause of PAUSES) {
      signal.throwIfAborted();
      try {
        return await act();
      } catch (error) {
        if (!asProblem(error).retryable) throw error;
        await this.transport.wait(pause);
      }
    }
    signal.throwIfAborted();
    return act();
  }

  private set({ path, source }: Upload<Source>, facts: Partial<Upload<Source>>): void {
    const item = this.items.get(path);
    if (item?.source !== source) return; // it was taken out meanwhile, or another file has taken its place
    this.items.set(path, { ...item, ...facts });
    this.changed();
  }

  private changed(): void {
    this.shown = [...this.items.values()];
    for (const listener of this.listeners) listener();
  }
}

function isPhoto({ type }: { type: string }): boolean {
  return type.startsWith("image/");
}

/** As far as it can be told without reading them: cameras write many pictures of one size. */
function isSame<Source>(there: Upload<Source>, file: Added<Source>): boolean {
  return there.bytes === file.bytes && (there.source === null || there.modified === file.modified);
}

function finished(ticket: UploadTicket): { state: UploadState; sent: number; problem: null } {
  return { state: "done", sent: ticket.bytes, problem: null };
}

export interface Tally {
  files: number;
  done: number;
  unfinished: number;
  refused: number;
  bytes: number;
  sent: number;
}

export function tally<Source>(uploads: readonly Upload<Source>[]): Tally {
  const sum: Tally = { files: uploads.length, done: 0, unfinished: 0, refused: 0, bytes: 0, sent: 0 };
  for (const upload of uploads) {
    if (upload.state === "done") sum.done += 1;
    if (upload.state === "unfinished") sum.unfinished += 1;
    if (upload.state === "refused") sum.refused += 1;
    else {
      sum.bytes += upload.bytes;
      sum.sent += upload.sent;
    }
  }
  return sum;
}

/** The files that have arrived, as one text: another one whenever one of them is another. */
export function holdings<Source>(uploads: readonly Upload<Source>[]): string {
  const there = uploads.filter((upload) => upload.state === "done");
  return JSON.stringify(there.map(({ path, bytes, modified }) => [path, bytes, modified]));
}
