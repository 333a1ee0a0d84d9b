import { currentSession } from "../auth/current";
import { isText, stored } from "../lib/store";

/** Under which name this browser's decisions go into the history, where nobody has to sign in. */
export const reviewer = stored("reviewer", "", isText);

export function signed(): { reviewer?: string } {
  if (currentSession() !== null) return {}; // it is who has signed in
  const name = reviewer.get().trim().slice(0, 100);
  return name ? { reviewer: name } : {};
}
