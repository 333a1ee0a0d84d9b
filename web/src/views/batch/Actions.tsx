import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { cancelBatch, changedImage, retryBatch } from "../../api/actions";
import { useMay } from "../../api/may";
import { ApiProblem } from "../../api/problem";
import { atWork, ended, jobQuery } from "../../api/queries";
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
  const { data: job } = useQuery(jobQuery(retry.data?.job_id ?? null));
  // A retry that is quick may come and go between two looks at the batch.
  const over = job !== undefined && ended(job);
  useEffect(() => {
    if (over) changedImage(client, batch.batch_id);
  }, [over, client, batch.batch_id]);
  const busy = atWork(batch) || retry.isPending || (job !== undefined && !over);
  const operates = useMay("operator");
  const { counts } = batch;
  const goesOn = batch.status === "failed" && counts.pending > 0;
  const fault = cancel.error ?? retry.error;
  return (
    <>
      <div className="row">
        {counts.needs_review > 0 && (
          <a className="button" href={href(["review"], [["batch", batch.batch_id]])}>
            Review {counts.needs_review}
          </a>
        )}
        {operates && (goesOn || counts.failed > 0) && !busy && (
          <button type="button" className="button" onClick={() => retry.mutate()}>
            {goesOn ? "Go on" : "Retry failed"}
          </button>
        )}
        {operates && atWork(batch) && (
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
      {job?.error && job.state === "failed" && (
        <Fault error={new ApiProblem(job.error.code, job.error.message, 0, false)} />
      )}
      {downloading && <DownloadDialog batch={batch} onClose={() => setDownloading(false)} />}
    </>
  );
}
