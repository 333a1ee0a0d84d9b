/** Steps through a queue that gets shorter while it is worked on. */

export interface Choice {
  batch_id: string;
  image_id: string;
}

export interface Decided extends Choice {
  /** What the decision left behind: an undo is refused when somebody has changed it since. */
  etag: string;
}

/** The one after; at the end there is none. */
export function following<Item extends Choice>(items: readonly Item[], now: Choice): Item | undefined {
  const at = place(items, now);
  return at < 0 ? items[0] : items[at + 1];
}

/** The one before; at the beginning there is none. */
export function preceding<Item extends Choice>(items: readonly Item[], now: Choice): Item | undefined {
  return items[place(items, now) - 1];
}

/**
 * The one beside place `at`. An image that a decision has taken out of a filtered list (`at` is -1) had the place
 * `was`, into which the next one has moved; -1 where it never had one.
 */
export function stepped<Item>(items: readonly Item[], at: number, was: number, by: 1 | -1): Item | undefined {
  if (at >= 0) return items[at + by];
  return was < 0 ? undefined : items[by === 1 ? was : was - 1];
}

/** The same photo has the same id in each batch. */
export function keyOf({ batch_id, image_id }: Choice): string {
  return `${batch_id} ${image_id}`;
}

function place(items: readonly Choice[], now: Choice): number {
  return items.findIndex((one) => keyOf(one) === keyOf(now));
}
