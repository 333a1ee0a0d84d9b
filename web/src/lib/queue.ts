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

function place(items: readonly Choice[], now: Choice): number {
  return items.findIndex((one) => one.image_id === now.image_id && one.batch_id === now.batch_id);
}
