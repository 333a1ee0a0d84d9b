import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { imageQuery } from "../../api/queries";
import type { ImageSummary } from "../../api/schema";
import { keyOf } from "../../lib/queue";

/** Fetches the next image and its pictures while this one is looked at. */
export function usePreload(next: ImageSummary | undefined): void {
  const client = useQueryClient();
  const key = next && keyOf(next);
  // biome-ignore lint/correctness/useExhaustiveDependencies: lists are read anew, the image stays the same
  useEffect(() => {
    if (!next) return;
    void client.prefetchQuery(imageQuery(next.batch_id, next.image_id));
    for (const link of [next.links.after, next.links.before]) {
      if (!link) continue;
      const picture = new Image();
      picture.crossOrigin = "anonymous"; // as it will be asked for when it is shown
      picture.src = link;
    }
  }, [client, key]);
}
