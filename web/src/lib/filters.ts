/** Filters of a batch's images, and of the review queue: kept in the address, so that a link shows the same. */
import type { QcStatus, ReviewReason, Status } from "../api/schema";

export interface ImageFilters {
  status?: Status;
  qc_status?: QcStatus;
  reason?: ReviewReason;
  sku_id?: string;
  product_group_id?: string;
  score_min?: number;
  score_max?: number;
}

export const STATUSES: readonly Status[] = ["pending", "processing", "completed", "failed"];
export const QC_STATUSES: readonly QcStatus[] = [
  "pending",
  "auto_approved",
  "needs_review",
  "approved",
  "rejected",
];

/** Reads filters; what is no value of ours is left out, since people edit addresses. */
export function filtersOf(query: URLSearchParams, reasons: readonly string[]): ImageFilters {
  const found: ImageFilters = {};
  found.status = one(query.get("status"), STATUSES);
  found.qc_status = one(query.get("qc_status"), QC_STATUSES);
  found.reason = one(query.get("reason"), reasons as readonly ReviewReason[]);
  found.sku_id = name(query.get("sku_id"));
  found.product_group_id = name(query.get("product_group_id"));
  found.score_min = score(query.get("score_min"));
  found.score_max = score(query.get("score_max"));
  return bare(found);
}

/** Filters for an address, in one order: the same filters are the same address. */
export function queryOf(filters: ImageFilters): [string, string][] {
  const names = [
    "status",
    "qc_status",
    "reason",
    "sku_id",
    "product_group_id",
    "score_min",
    "score_max",
  ] as const;
  return names.flatMap((name): [string, string][] => {
    const value = filters[name];
    return value === undefined ? [] : [[name, String(value)]];
  });
}

/** Filters with others in place of some; undefined takes one away. */
export function changed(filters: ImageFilters, by: ImageFilters): ImageFilters {
  return bare({ ...filters, ...by });
}

export function isEmpty(filters: ImageFilters): boolean {
  return queryOf(filters).length === 0;
}

function bare(filters: ImageFilters): ImageFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

function one<Value extends string>(text: string | null, values: readonly Value[]): Value | undefined {
  return values.find((value) => value === text);
}

function name(text: string | null): string | undefined {
  return text?.trim().slice(0, 300) || undefined;
}

function score(text: string | null): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 && value <= 100 ? value : undefined;
}
