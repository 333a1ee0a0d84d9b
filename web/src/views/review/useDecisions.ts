import { useRef, useState } from "react";
import type { ImageDetail } from "../../api/schema";
import type { Decided } from "../../lib/queue";

/**
 * What was decided in this visit, newest last. One thing is done at a time: whoever takes a decision back means
 * the last one, also while it is on its way.
 */
export function useDecisions() {
  const [decided, setDecided] = useState<readonly Decided[]>([]);
  const latest = useRef(decided);
  /** Whether the decision that is on its way was taken; null when there is none. */
  const underway = useRef<Promise<boolean> | null>(null);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const keep = (next: readonly Decided[]): void => {
    latest.current = next;
    setDecided(next);
  };

  function inTurn<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const done = turn.current.then(act);
    turn.current = done.catch(() => undefined);
    return done;
  }

  /** Decides, unless a decision is on its way: the picture that is seen then is not one that was looked at. */
  const decide = async (act: () => Promise<ImageDetail | null>): Promise<void> => {
    if (underway.current) return;
    underway.current = inTurn(async () => {
      const done = await act();
      if (done)
        keep([...latest.current, { batch_id: done.batch_id, image_id: done.image_id, etag: done.etag }]);
      return done !== null;
    });
    try {
      await underway.current;
    } finally {
      underway.current = null;
    }
  };

  /** Gives the last decision to `act`, which tells whether it was taken back. */
  const undo = async (act: (last: Decided | undefined) => Promise<boolean>): Promise<void> => {
    const before = underway.current;
    await inTurn(async () => {
      // It was not taken, so there is nothing to take back; those before it stand.
      if (before && !(await before)) return;
      const last = latest.current.at(-1);
      if (await act(last)) keep(latest.current.slice(0, -1));
    });
  };
  return { decided, decide, undo };
}
