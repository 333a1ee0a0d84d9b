import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { dryRun, startBatch } from "../../api/actions";
import { freshKey } from "../../api/client";
import type { BatchRequest } from "../../api/schema";
import { plural } from "../../lib/format";
import { href, navigate } from "../../lib/router";
import type { Tally } from "../../lib/uploadQueue";
import { Fault } from "../../ui/states";
import { CheckResult } from "./CheckResult";

interface Props {
  request: BatchRequest | null;
  /** What the folder holds: tells one state of it from another. */
  holds: string;
  sum: Tally;
  onStarted: () => void;
}

/** Tries the list without working on it, and starts it. */
export function CheckAndStart({ request, holds, sum, onStarted }: Props) {
  const client = useQueryClient();
  const said = `${JSON.stringify(request)} ${holds}`;
  // The same settings and files keep their key: a second press, or a retry after a break, is the same batch.
  const key = useRef({ said, key: freshKey() });
  if (key.current.said !== said) key.current = { said, key: freshKey() };
  const check = useMutation({ mutationFn: ({ body }: { body: BatchRequest; said: string }) => dryRun(body) });
  const start = useMutation({
    mutationFn: (body: BatchRequest) => startBatch(body, key.current.key),
    onSuccess: ({ batch }) => {
      void client.invalidateQueries({ queryKey: ["batches"] });
      onStarted();
      navigate(href(["batches", batch.batch_id]));
    },
  });
  const why = obstacle(request, sum);
  const fresh = check.data && check.variables?.said === said;
  return (
    <div className="stack">
      <div className="row">
        <button
          type="button"
          className="button main large"
          disabled={why !== null || start.isPending}
          onClick={() => request && start.mutate(request)}
        >
          {start.isPending ? "Starting…" : "Start"}
        </button>
        <button
          type="button"
          className="button large"
          disabled={why !== null || check.isPending}
          onClick={() => request && check.mutate({ body: request, said })}
        >
          {check.isPending ? "Checking…" : "Dry run"}
        </button>
        <p className="soft small">
          {why ?? "A dry run reads the list and says what is wrong with it, row by row."}
        </p>
      </div>
      {(start.error ?? check.error) && <Fault error={start.error ?? check.error} />}
      {fresh && <CheckResult found={check.data} />}
    </div>
  );
}

function obstacle(request: BatchRequest | null, sum: Tally): string | null {
  const coming = sum.files - sum.done - sum.refused - sum.unfinished;
  if (coming > 0) return `${plural(coming, "file is", "files are")} still being sent.`;
  if (sum.unfinished > 0) {
    return `${plural(sum.unfinished, "file is", "files are")} unfinished: send them again, or take them out.`;
  }
  if (request === null || sum.done === 0) return "Drop some photos or a manifest first.";
  return null;
}
