/** What views read, and for how long it holds. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ImageFilters } from "../lib/filters";
import { api } from "./client";
import type { BatchView, JobView } from "./schema";

const FOREVER = Number.POSITIVE_INFINITY;

export const aboutQuery = queryOptions({
  queryKey: ["about"],
  queryFn: ({ signal }) => api.GET("/api/v1/about", { signal }),
  staleTime: FOREVER,
});

export const presetsQuery = queryOptions({
  queryKey: ["presets"],
  queryFn: ({ signal }) => api.GET("/api/v1/presets", { signal }),
  staleTime: FOREVER,
});

/** True while somebody works on it, or it waits for that. */
export function atWork(batch: BatchView): boolean {
  return batch.progress !== null || batch.job_id !== null || batch.status === "processing";
}

export function ended(job: JobView): boolean {
  return job.state === "completed" || job.state === "failed" || job.state === "cancelled";
}

export const batchesQuery = infiniteQueryOptions({
  queryKey: ["batches"],
  queryFn: ({ pageParam, signal }) =>
    api.GET("/api/v1/batches", { params: { query: { cursor: pageParam, limit: 30 } }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.cursor ?? undefined,
  refetchInterval: (query) => {
    const batches = query.state.data?.pages.flatMap((page) => page.items) ?? [];
    return batches.some(atWork) ? 2000 : false;
  },
});

export function batchQuery(batch_id: string) {
  return queryOptions({
    queryKey: ["batch", batch_id],
    queryFn: ({ signal }) =>
      api.GET("/api/v1/batches/{batch_id}", { params: { path: { batch_id } }, signal }),
    refetchInterval: (query) => (query.state.data && atWork(query.state.data) ? 1000 : false),
  });
}

export function imagesQuery(batch_id: string, filters: ImageFilters) {
  return infiniteQueryOptions({
    queryKey: ["images", batch_id, filters],
    queryFn: ({ pageParam, signal }) =>
      api.GET("/api/v1/batches/{batch_id}/images", {
        params: { path: { batch_id }, query: { ...filters, cursor: pageParam, limit: 60 } },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
}

const PEEK = 5;

/** A few finished pictures of a batch; `completed` makes it look again as long as there are not enough. */
export function peekQuery(batch_id: string, completed: number) {
  return queryOptions({
    queryKey: ["peek", batch_id, Math.min(completed, PEEK)],
    enabled: completed > 0,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const params = { path: { batch_id }, query: { status: "completed" as const, limit: PEEK } };
      const page = await api.GET("/api/v1/batches/{batch_id}/images", { params, signal });
      return page.items.flatMap((one) => one.links.after_small ?? []);
    },
  });
}

export function imageQuery(batch_id: string, image_id: string) {
  return queryOptions({
    queryKey: ["image", batch_id, image_id],
    queryFn: ({ signal }) =>
      api.GET("/api/v1/batches/{batch_id}/images/{image_id}", {
        params: { path: { batch_id, image_id } },
        signal,
      }),
  });
}

export interface QueueFilters {
  batch_id?: string;
  reason?: ImageFilters["reason"];
  score_min?: number;
  score_max?: number;
}

export function pendingQuery(filters: QueueFilters, limit = 50) {
  return infiniteQueryOptions({
    queryKey: ["pending", filters, limit],
    queryFn: ({ pageParam, signal }) =>
      api.GET("/api/v1/qc/pending", {
        params: { query: { ...filters, cursor: pageParam, limit } },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
}

/** For the number beside "Review". */
export const waitingQuery = queryOptions({
  queryKey: ["pending", "count"],
  queryFn: async ({ signal }) => {
    const page = await api.GET("/api/v1/qc/pending", { params: { query: { limit: 200 } }, signal });
    return { count: page.items.length, more: page.cursor !== null };
  },
  refetchInterval: 10_000,
});

export function jobQuery(job_id: string | null) {
  return queryOptions({
    queryKey: ["job", job_id],
    enabled: job_id !== null,
    queryFn: ({ signal }) =>
      api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: job_id ?? "" } }, signal }),
    refetchInterval: (query) => (query.state.data && ended(query.state.data) ? false : 700),
  });
}

export function overviewQuery(since: string, until: string) {
  return queryOptions({
    queryKey: ["overview", since, until],
    queryFn: ({ signal }) => api.GET("/api/v1/overview", { params: { query: { since, until } }, signal }),
  });
}
