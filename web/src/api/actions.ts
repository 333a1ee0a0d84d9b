/** What people do: each is one request. */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keyOf } from "../lib/queue";
import { api, freshKey } from "./client";
import { imageQuery } from "./queries";
import type {
  BatchRequest,
  BulkReviewRequest,
  DownloadRequest,
  ImageDetail,
  ImagePage,
  ImageSummary,
  ReviewRequest,
  ReworkRequest,
} from "./schema";

export const dryRun = (body: BatchRequest) => api.POST("/api/v1/batches/dry-run", { body });

export const startBatch = (body: BatchRequest, key: string) =>
  api.POST("/api/v1/batches", { body, params: { header: { "Idempotency-Key": key } } });

export const cancelBatch = (batch_id: string) =>
  api.POST("/api/v1/batches/{batch_id}/cancel", { params: { path: { batch_id } } });

export const retryBatch = (batch_id: string) =>
  api.POST("/api/v1/batches/{batch_id}/retry", {
    params: { path: { batch_id }, header: { "Idempotency-Key": freshKey() } },
    body: {},
  });

export const startDownload = (batch_id: string, body: DownloadRequest) =>
  api.POST("/api/v1/batches/{batch_id}/download", {
    params: { path: { batch_id }, header: { "Idempotency-Key": freshKey() } },
    body,
  });

type Image = Pick<ImageSummary, "batch_id" | "image_id" | "etag">;

/** Decides on what was seen: the etag makes it fail when somebody else was faster. */
export const review = ({ batch_id, image_id, etag }: Image, body: ReviewRequest) =>
  api.POST("/api/v1/batches/{batch_id}/images/{image_id}/review", {
    params: { path: { batch_id, image_id }, header: { "If-Match": etag } },
    body,
  });

export const reviewMany = (body: BulkReviewRequest) => api.POST("/api/v1/qc/review", { body });

export const rework = ({ batch_id, image_id }: Omit<Image, "etag">, body: ReworkRequest) =>
  api.POST("/api/v1/batches/{batch_id}/images/{image_id}/rework", {
    params: { path: { batch_id, image_id }, header: { "Idempotency-Key": freshKey() } },
    body,
  });

/** What a changed image is part of is read again. */
export function changedImage(client: QueryClient, batch_id: string, image_id?: string): void {
  if (image_id) void client.invalidateQueries({ queryKey: ["image", batch_id, image_id] });
  void client.invalidateQueries({ queryKey: ["batch", batch_id] });
  void client.invalidateQueries({ queryKey: ["images", batch_id] });
  void client.invalidateQueries({ queryKey: ["batches"] });
  void client.invalidateQueries({ queryKey: ["overview"] });
}

/** An image as a decision has left it. It leaves the queue; one that waits again is found when that is read anew. */
export function decidedImage(client: QueryClient, image: ImageDetail): void {
  client.setQueryData(imageQuery(image.batch_id, image.image_id).queryKey, image);
  changedImage(client, image.batch_id);
  if (image.qc_status !== "needs_review") {
    client.setQueriesData<InfiniteData<ImagePage>>(
      { queryKey: ["pending"], predicate: ({ queryKey }) => queryKey[1] !== "count" },
      (queue) => queue && { ...queue, pages: queue.pages.map((page) => without(page, image)) },
    );
  }
  // A queue that is looked at is not read again with each decision, only when somebody comes back to it.
  void client.invalidateQueries({ queryKey: ["pending"], refetchType: "none" });
  void client.invalidateQueries({ queryKey: ["pending", "count"] });
}

function without(page: ImagePage, image: ImageDetail): ImagePage {
  return { ...page, items: page.items.filter((one) => keyOf(one) !== keyOf(image)) };
}
