/** Words for codes that the API doesn't bring its own for; the same as in reports. */
import type { BatchView, ImageSummary, Mode, QcStatus } from "../api/schema";

export type Tone = "ready" | "review" | "rejected" | "failed" | "unfinished";

export interface State {
  tone: Tone;
  words: string;
}

/** Status and qc_status in one word. */
export function stateOf(image: Pick<ImageSummary, "status" | "qc_status">): State {
  if (image.status === "failed") return { tone: "failed", words: "Failed" };
  if (image.status === "processing") return { tone: "unfinished", words: "In work" };
  if (image.status === "pending") return { tone: "unfinished", words: "Waiting" };
  switch (image.qc_status) {
    case "auto_approved":
      return { tone: "ready", words: "Approved by itself" };
    case "approved":
      return { tone: "ready", words: "Approved" };
    case "needs_review":
      return { tone: "review", words: "To review" };
    case "rejected":
      return { tone: "rejected", words: "Rejected" };
    default:
      return { tone: "unfinished", words: "Unfinished" };
  }
}

/** Somebody has stopped it; what is missing can be gone on with. */
export function isStopped(batch: BatchView): boolean {
  return batch.error?.code === "batch_cancelled";
}

/** What quality control said, within a sentence. */
export function qcWords(qc_status: QcStatus): string {
  return stateOf({ status: "completed", qc_status }).words.toLowerCase();
}

export function batchState(batch: BatchView): State {
  if (batch.progress && batch.progress.ahead > 0) return { tone: "unfinished", words: "Queued" };
  if (batch.progress || batch.status === "processing") return { tone: "unfinished", words: "Running" };
  if (batch.status === "pending") return { tone: "unfinished", words: "Waiting" };
  if (isStopped(batch)) return { tone: "unfinished", words: "Stopped" };
  if (batch.status === "failed") return { tone: "failed", words: "Failed" };
  return { tone: "ready", words: "Finished" };
}

export const MODES: Record<Mode, { title: string; words: string }> = {
  auto: {
    title: "Auto",
    words: "Measures each photo and mends only what needs it: light, colour cast, noise, sharpness.",
  },
  full: { title: "Full", words: "Everything, also where it is hardly needed." },
  sharpen: { title: "Sharpen", words: "Only sharper edges and print." },
  denoise: { title: "Denoise", words: "Only the camera's noise is taken out." },
  upscale: { title: "Upscale", words: "Only small photos made larger, with care for edges." },
  optimize: {
    title: "Optimise",
    words: "Cut out, placed and compressed; light and detail stay as they are.",
  },
  none: { title: "None", words: "Nothing is enhanced." },
};

export const PARTS: Record<string, string> = {
  sharpness: "Sharpness",
  exposure: "Exposure",
  noise: "Noise",
  resolution: "Resolution",
  fidelity: "Fidelity",
  edges: "Edges",
  contrast: "Contrast",
  clipping: "Clipping",
  fill: "Fill",
  centring: "Centring",
  background: "Background",
};

export const METHODS: Record<string, string> = {
  features: "Matched to the reference's details",
  mask_pose: "Matched to the reference's outline",
  reference: "Is the reference",
  preset: "Placed as the preset asks",
};

/** Why pictures are rejected most often; each is one press away. */
export const REJECTIONS = [
  "Part of the product is missing",
  "Background not removed cleanly",
  "Out of focus",
  "Wrong colours",
  "Wrong position",
  "Wrong product",
];
