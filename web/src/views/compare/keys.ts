import type { KeyBinding } from "../../lib/keys";

export type CompareKey =
  | "next"
  | "back"
  | "approve"
  | "reject"
  | "undo"
  | "correct"
  | "zoom"
  | "layout"
  | "grid"
  | "help";

/** The keys of one image's view: pressed, and shown in the help. */
export const KEYS: KeyBinding<CompareKey>[] = [
  { keys: ["j", "ArrowRight"], action: "next", words: "Next image" },
  { keys: ["k", "ArrowLeft"], action: "back", words: "Previous image" },
  { keys: ["a"], action: "approve", words: "Approve", role: "reviewer" },
  { keys: ["r"], action: "reject", words: "Reject, with a reason", role: "reviewer" },
  { keys: ["u"], action: "undo", words: "Take the decision back", role: "reviewer" },
  { keys: ["c"], action: "correct", words: "Correct box, turn or reference", role: "operator" },
  { keys: ["z"], action: "zoom", words: "Whole picture or 100 %" },
  { keys: ["b"], action: "layout", words: "Slider, side by side, blink" },
  { keys: ["Escape"], action: "grid", words: "Back to the batch" },
  { keys: ["?"], action: "help", words: "These keys" },
];
