import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { reviewMany } from "../../api/actions";
import { pendingQuery } from "../../api/queries";
import { signed } from "../../decide/reviewer";
import { throughout } from "../../lib/bulk";
import { plural, score } from "../../lib/format";
import { keyOf } from "../../lib/queue";
import { Dialog } from "../../ui/Dialog";
import { Picture } from "../../ui/Picture";
import { Fault } from "../../ui/states";

interface Props {
  batchId: string | undefined;
  onClose: () => void;
}

const SHOWN = 24;

/** Approves all that score above a bound, and shows beforehand which ones these are. */
export function BulkDialog({ batchId, onClose }: Props) {
  const client = useQueryClient();
  const [above, setAbove] = useState(70);
  const { data, error, isFetching } = useInfiniteQuery(
    pendingQuery({ batch_id: batchId, score_min: above }, 200),
  );
  const found = (data?.pages.flatMap((page) => page.items) ?? []).filter(
    (one) => (one.score_after ?? 0) > above,
  );
  const more = Boolean(data?.pages.at(-1)?.cursor);
  const approve = useMutation({
    mutationFn: () =>
      throughout(() => reviewMany({ action: "approve", above, batch_id: batchId, ...signed() })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["pending"] });
      void client.invalidateQueries({ queryKey: ["images"] });
      void client.invalidateQueries({ queryKey: ["batch"] });
      void client.invalidateQueries({ queryKey: ["batches"] });
    },
  });
  const answer = approve.data;
  return (
    <Dialog title="Approve all above a score" onClose={onClose}>
      {answer ? (
        <div className="stack">
          <p role="status">{plural(answer.done, "image")} approved.</p>
          {answer.refused.length > 0 && (
            <ul className="small">
              {answer.refused.map((one) => (
                <li key={keyOf(one)}>
                  {one.image_id}: {one.message}
                </li>
              ))}
            </ul>
          )}
        </div>
      ) : (
        <div className="stack">
          <label className="field">
            <span>
              Score above <b>{above}</b>
            </span>
            <input
              type="range"
              min={0}
              max={99}
              value={above}
              onChange={(event) => setAbove(Number(event.target.value))}
            />
          </label>
          {(error ?? approve.error) && <Fault error={error ?? approve.error} />}
          <p className="soft" role="status">
            {isFetching && !data
              ? "Looking…"
              : `${more ? "More than " : ""}${plural(found.length, "image")}${batchId ? " of this batch" : ""}, doubtful for whatever reason.`}
          </p>
          <ul className="bulk">
            {found.slice(0, SHOWN).map((one) => (
              <li key={keyOf(one)} title={one.sku_id}>
                <Picture src={one.links.after_small} alt={one.sku_id} />
                <span>{score(one.score_after)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          {answer ? "Close" : "Cancel"}
        </button>
        {!answer && (
          <button
            type="button"
            className="button main"
            disabled={found.length === 0 || approve.isPending}
            onClick={() => approve.mutate()}
          >
            {approve.isPending ? "Approving…" : `Approve ${more ? "all" : found.length}`}
          </button>
        )}
      </div>
    </Dialog>
  );
}
