/**
 * An API that holds as many images as a story needs, and answers as late and as badly as it is told to. The page
 * itself, its presets and its words are those of the real server; what is decided stays here.
 */
import type { Page, Route } from "playwright-core";
import type { BatchView, ImageDetail, ImageSummary, Overview } from "../src/api/schema";

export const NOW = "2026-11-01T12:00:00Z";

export class Invented {
  images: ImageDetail[] = [];
  /** What was decided, as it came in: "approve b1 i3". */
  decisions: string[] = [];
  /** Milliseconds that each decision takes. */
  slow = 0;
  /** How often the queue was asked for, by cursor. */
  asked: string[] = [];
  /** The status of all further pages. */
  broken: number | null = null;
  overview: Overview | null = null;

  /** Adds images that wait for a person. */
  add(batch_id: string, count: number, more: Partial<ImageDetail> = {}): void {
    for (let line = 1; line <= count; line += 1) this.images.push(imageOf(batch_id, line, more));
  }

  async serve(page: Page): Promise<void> {
    await page.route(/\/api\/v1\/(batches(?!\/dry-run)|qc|overview)\b/, (route) => this.answer(route));
  }

  private async answer(route: Route): Promise<void> {
    const url = new URL(route.request().url());
    const [, , , place, batch_id = "", under, image_id, action] = url.pathname.split("/");
    if (place === "overview") return route.fulfill({ json: this.overview });
    if (place === "qc") return this.queue(route, url.searchParams);
    if (batch_id === "") {
      const names = new Set(this.images.map((one) => one.batch_id));
      return route.fulfill({ json: { items: [...names].map((name) => this.batch(name)), cursor: null } });
    }
    if (under === undefined) return route.fulfill({ json: this.batch(batch_id) });
    const found = this.images.find((one) => one.batch_id === batch_id && one.image_id === image_id);
    if (image_id === undefined) return this.list(route, batch_id, url.searchParams);
    if (!found) return route.fulfill({ status: 404, json: { code: "image_unknown", detail: "No." } });
    if (action === "review") return this.decide(route, found);
    return route.fulfill({ json: found });
  }

  private queue(route: Route, query: URLSearchParams): Promise<void> {
    const cursor = query.get("cursor");
    if (query.get("limit") !== "200") this.asked.push(cursor ?? "");
    const batch = query.get("batch_id");
    const all = this.images.filter((one) => one.qc_status === "needs_review");
    return this.paged(route, batch ? all.filter((one) => one.batch_id === batch) : all, query);
  }

  private list(route: Route, batch_id: string, query: URLSearchParams): Promise<void> {
    const wanted = query.get("qc_status");
    const all = this.images.filter(
      (one) => one.batch_id === batch_id && (wanted === null || one.qc_status === wanted),
    );
    return this.paged(route, all, query);
  }

  private async decide(route: Route, image: ImageDetail): Promise<void> {
    const { action } = route.request().postDataJSON() as { action: "approve" | "reject" | "undo" };
    await new Promise((done) => setTimeout(done, this.slow));
    if ((await route.request().headerValue("If-Match")) !== image.etag) {
      return route.fulfill({
        status: 409,
        json: { code: "review_conflict", detail: "Somebody was faster." },
      });
    }
    this.decisions.push(`${action} ${image.batch_id} ${image.image_id}`);
    image.version += 1;
    image.etag = `"0-${image.version}"`;
    image.qc_status = ({ approve: "approved", reject: "rejected", undo: "needs_review" } as const)[action];
    return route.fulfill({ json: image });
  }

  private paged(route: Route, all: ImageSummary[], query: URLSearchParams): Promise<void> {
    const from = Number(query.get("cursor") ?? 0);
    if (from > 0 && this.broken !== null) {
      return route.fulfill({ status: this.broken, json: { code: "request_invalid", detail: "Not so." } });
    }
    const to = from + Number(query.get("limit") ?? 50);
    const cursor = to < all.length ? String(to) : null;
    return route.fulfill({ json: { items: all.slice(from, to), cursor } });
  }

  private batch(batch_id: string): BatchView {
    const all = this.images.filter((one) => one.batch_id === batch_id);
    const of = (status: string): number => all.filter((one) => one.qc_status === status).length;
    const counts = {
      total: all.length,
      completed: all.length,
      pending: 0,
      processing: 0,
      failed: 0,
      approved: of("approved"),
      auto_approved: of("auto_approved"),
      needs_review: of("needs_review"),
      rejected: of("rejected"),
    };
    const self = `/api/v1/batches/${batch_id}`;
    return {
      batch_id,
      name: batch_id,
      counts,
      background: "white",
      created_at: NOW,
      finished_at: NOW,
      error: null,
      job_id: null,
      mode: "auto",
      model: "m",
      preset: "studio",
      progress: null,
      reference: null,
      rejected_rows: 0,
      status: "completed",
      target_size_kb: null,
      links: { self, images: self, download: self, results_csv: self, results_json: self },
    };
  }
}

function imageOf(batch_id: string, line: number, more: Partial<ImageDetail>): ImageDetail {
  const image_id = `i${line}`;
  const self = `/api/v1/batches/${batch_id}/images/${image_id}`;
  return {
    batch_id,
    image_id,
    line,
    image_type: "primary",
    sku_id: `${batch_id}-${line}`,
    product_group_id: "group",
    source: `${line}.jpg`,
    etag: '"0-0"',
    version: 0,
    revision: 0,
    status: "completed",
    qc_status: "needs_review",
    review_reasons: [],
    rules_failed: [],
    score_after: 60,
    score_before: 40,
    superseded_by: null,
    updated_at: NOW,
    error: null,
    alignment: null,
    background: "white",
    compliance: [],
    enhancements: {},
    history: [],
    mode: "auto",
    overrides: { angle_deg: null, box: null, mode: null, reference: null },
    product: null,
    reference: null,
    renditions: [],
    revisions: [],
    scale: "own",
    score_parts: {},
    score_parts_before: {},
    source_bytes: 1,
    source_sha256: null,
    source_size: [1000, 1000],
    timings_ms: {},
    versions: { packshot: "1", model: "m", preset: "studio@1" },
    links: {
      self,
      review: `${self}/review`,
      rework: `${self}/rework`,
      source: null,
      after: null,
      after_small: null,
      before: null,
      before_small: null,
      reference: null,
    },
    ...more,
  } as ImageDetail;
}
