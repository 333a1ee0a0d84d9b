/** What people do: each is one request. */
import type { QueryClient } from "@tanstack/react-query";
import { api, freshKey } from "./client";
import type {
  BatchRequest,
  BulkReviewRequest,
  DownloadRequest,
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
