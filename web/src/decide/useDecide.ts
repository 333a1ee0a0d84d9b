import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { decidedImage, review } from "../api/actions";
import { asProblem } from "../api/problem";
import { imageQuery } from "../api/queries";
import type { ImageDetail, ReviewRequest } from "../api/schema";

interface Decision {
  image: Pick<ImageDetail, "batch_id" | "image_id" | "etag">;
  body: ReviewRequest;
}

export interface Deciding {
  decide: (decision: Decision) => Promise<ImageDetail | null>;
  busy: boolean;
  error: unknown;
  /** The image as it is now, when somebody else was faster. */
  conflict: ImageDetail | null;
  clear: () => void;
}

/** Decisions on images. A conflict is no error: it is shown with what the other one did. */
export function useDecide(): Deciding {
  const client = useQueryClient();
  const [conflict, setConflict] = useState<ImageDetail | null>(null);
  const mutation = useMutation({
    mutationFn: ({ image, body }: Decision) => review(image, body),
    onSuccess: (image) => {
      decidedImage(client, image);
    },
  });
  const decide = async (decision: Decision): Promise<ImageDetail | null> => {
    setConflict(null);
    try {
      return await mutation.mutateAsync(decision);
    } catch (error) {
      if (asProblem(error).code === "review_conflict") {
        const { batch_id, image_id } = decision.image;
        const query = { ...imageQuery(batch_id, image_id), staleTime: 0 };
        // Where it can't be read either, the server's own sentence stays.
        const now = await client.fetchQuery(query).catch(() => null);
        if (now) mutation.reset();
        setConflict(now);
      }
      return null;
    }
  };
  const clear = (): void => {
    setConflict(null);
    mutation.reset();
  };
  return { decide, busy: mutation.isPending, error: mutation.error, conflict, clear };
}
