import type { KeyBinding } from "../lib/keys";

export type ImageKey = "next" | "back" | "approve" | "reject" | "undo" | "correct" | "zoom";

/** What a key does to the image that is looked at: the same in its own view and in the review. */
export const IMAGE_KEYS: KeyBinding<ImageKey>[] = [
  { keys: ["j", "ArrowRight"], action: "next", words: "Next image" },
  { keys: ["k", "ArrowLeft"], action: "back", words: "Previous image" },
  { keys: ["a"], action: "approve", words: "Approve", role: "reviewer" },
  { keys: ["r"], action: "reject", words: "Reject, with a reason", role: "reviewer" },
  { keys: ["u"], action: "undo", words: "Take the last decision back", role: "reviewer" },
  { keys: ["c"], action: "correct", words: "Correct box, turn or reference", role: "operator" },
  { keys: ["z"], action: "zoom", words: "Whole picture or 100 %" },
];

export const HELP_KEY: KeyBinding<"help"> = { keys: ["?"], action: "help", words: "These keys" };
