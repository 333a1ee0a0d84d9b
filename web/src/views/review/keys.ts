import type { KeyBinding } from "../../lib/keys";
import { HELP_KEY, IMAGE_KEYS, type ImageKey } from "../imageKeys";

export type ReviewKey = ImageKey | "bulk" | "help";

/** The keys of the review: pressed, and shown in the help. */
export const KEYS: KeyBinding<ReviewKey>[] = [
  ...IMAGE_KEYS,
  { keys: ["b"], action: "bulk", words: "Approve all above a score", role: "reviewer" },
  HELP_KEY,
];
