import type { BulkReviewAnswer } from "../api/schema";
import { keyOf } from "./queue";

export interface Outcome {
  done: number;
  refused: BulkReviewAnswer["refused"];
}

/** Asks for a bulk decision until nothing is left to do. What is refused waits on, and is refused by each answer. */
export async function throughout(ask: () => Promise<BulkReviewAnswer>): Promise<Outcome> {
  const refused = new Map<string, BulkReviewAnswer["refused"][number]>();
  let done = 0;
  for (;;) {
    const some = await ask();
    done += some.done.length;
    for (const one of some.done) refused.delete(keyOf(one));
    for (const one of some.refused) refused.set(keyOf(one), one);
    if (!some.more) return { done, refused: [...refused.values()] };
  }
}
