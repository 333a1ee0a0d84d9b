import { ApiProblem, unreachable } from "../src/api/problem";
import type { FileOffer, UploadTicket } from "../src/api/schema";
import type { Transport } from "../src/lib/uploadQueue";

export function ticketOf(offer: FileOffer, received = false): UploadTicket {
  return {
    upload_id: `f.${offer.path}`,
    path: offer.path,
    source: offer.path,
    content_type: offer.content_type,
    bytes: offer.bytes,
    received,
    method: "PUT",
    url: `/put/${offer.path}`,
    headers: {},
    fields: {},
    min_bytes: offer.bytes,
    max_bytes: offer.bytes,
    expires_at: "2030-01-01T00:00:00Z",
    preview: null,
  };
}

export type Step = "announce" | "send" | "forget" | "wait";

/** A server that can be told to misbehave, and that counts what it is asked. */
export class Fake implements Transport<string> {
  announced: string[][] = [];
  sent: string[] = [];
  sources: string[] = [];
  /** Is awaited before each answer to an announcement, to each file's end, before each is forgotten, and in each pause. */
  held: Record<Step, Promise<void>> = {
    announce: Promise.resolve(),
    send: Promise.resolve(),
    forget: Promise.resolve(),
    wait: Promise.resolve(),
  };
  knows = true;
  forgotten: string[] = [];
  pauses: number[] = [];
  received = new Set<string>();
  refuses = new Set<string>();
  /** How often sending a path fails before it works. */
  breaks = new Map<string, number>();
  sending = 0;
  mostAtOnce = 0;

  async announce(offers: FileOffer[]): Promise<UploadTicket[]> {
    this.announced.push(offers.map((offer) => offer.path));
    await this.held.announce;
    if (offers.some((offer) => this.refuses.has(offer.path))) {
      throw new ApiProblem("upload_name_refused", "No.", 422, false);
    }
    return offers.map((offer) => ticketOf(offer, this.received.has(`${offer.path} ${offer.bytes}`)));
  }

  async send(ticket: UploadTicket, source: string, progress: (sent: number) => void): Promise<void> {
    this.sources.push(source);
    this.sending += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.sending);
    progress(ticket.bytes / 2);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await this.held.send;
    this.sending -= 1;
    const left = this.breaks.get(ticket.path) ?? 0;
    if (left > 0) {
      this.breaks.set(ticket.path, left - 1);
      throw unreachable();
    }
    this.sent.push(ticket.path);
    this.received.add(`${ticket.path} ${ticket.bytes}`);
  }

  async forget(ticket: UploadTicket): Promise<void> {
    await this.held.forget;
    if (!this.knows) throw new ApiProblem("upload_unknown", "No such file.", 404, false);
    this.forgotten.push(ticket.path);
  }

  async wait(ms: number): Promise<void> {
    this.pauses.push(ms);
    await this.held.wait;
  }
}
