import type { KeyBinding } from "../../lib/keys";
import { HELP_KEY, IMAGE_KEYS, type ImageKey } from "../imageKeys";

export type CompareKey = ImageKey | "layout" | "grid" | "help";

/** The keys of one image's view: pressed, and shown in the help. */
export const KEYS: KeyBinding<CompareKey>[] = [
  ...IMAGE_KEYS,
  { keys: ["b"], action: "layout", words: "Slider, side by side, blink" },
  { keys: ["Escape"], action: "grid", words: "Back to the batch" },
  HELP_KEY,
];
