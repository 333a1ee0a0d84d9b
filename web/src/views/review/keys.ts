import type { KeyBinding } from "../../lib/keys";

export type ReviewKey =
  | "next"
  | "back"
  | "approve"
  | "reject"
  | "undo"
  | "correct"
  | "zoom"
  | "bulk"
  | "help";

/** The keys of the review: pressed, and shown in the help. */
export const KEYS: KeyBinding<ReviewKey>[] = [
  { keys: ["j", "ArrowRight"], action: "next", words: "Next image" },
  { keys: ["k", "ArrowLeft"], action: "back", words: "Previous image" },
  { keys: ["a"], action: "approve", words: "Approve", role: "reviewer" },
  { keys: ["r"], action: "reject", words: "Reject, with a reason", role: "reviewer" },
  { keys: ["u"], action: "undo", words: "Take the last decision back", role: "reviewer" },
  { keys: ["c"], action: "correct", words: "Correct box, turn or reference", role: "operator" },
  { keys: ["z"], action: "zoom", words: "Whole picture or 100 %" },
  { keys: ["b"], action: "bulk", words: "Approve all above a score", role: "reviewer" },
  { keys: ["?"], action: "help", words: "These keys" },
];
