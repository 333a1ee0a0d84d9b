import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { cancelBatch, changedImage, retryBatch } from "../../api/actions";
import { atWork, jobQuery } from "../../api/queries";
import type { BatchView } from "../../api/schema";
import { href } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { Fault } from "../../ui/states";
import { DownloadDialog } from "./DownloadDialog";

/** What can be done with a batch as a whole. */
export function Actions({ batch }: { batch: BatchView }) {
  const client = useQueryClient();
  const [downloading, setDownloading] = useState(false);
  const again = (): void => changedImage(client, batch.batch_id);
  const cancel = useMutation({ mutationFn: () => cancelBatch(batch.batch_id), onSuccess: again });
  const retry = useMutation({ mutationFn: () => retryBatch(batch.batch_id), onSuccess: again });
  // The batch itself does not tell that a retry runs.
  const retrying = useQuery(jobQuery(retry.data?.job_id ?? null));
  const busy = atWork(batch) || retry.isPending || retrying.data?.state === "running";
  const { counts } = batch;
  const fault = cancel.error ?? retry.error;
  return (
    <>
      <div className="row">
        {counts.needs_review > 0 && (
          <a className="button" href={href(["review"], [["batch", batch.batch_id]])}>
            Review {counts.needs_review}
          </a>
        )}
        {counts.failed > 0 && !busy && (
          <button type="button" className="button" onClick={() => retry.mutate()}>
            Retry failed
          </button>
        )}
        {atWork(batch) && (
          <button
            type="button"
            className="button"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Stop
          </button>
        )}
        <button
          type="button"
          className="button main"
          disabled={counts.completed === 0}
          onClick={() => setDownloading(true)}
        >
          <Icon name="download" /> Download
        </button>
      </div>
      {fault && <Fault error={fault} />}
      {downloading && <DownloadDialog batch={batch} onClose={() => setDownloading(false)} />}
    </>
  );
}
