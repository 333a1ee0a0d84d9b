import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { startDownload } from "../../api/actions";
import { ended, jobQuery, presetsQuery } from "../../api/queries";
import type { BatchView } from "../../api/schema";
import { bytes, plural } from "../../lib/format";
import { Dialog } from "../../ui/Dialog";
import { FileLink } from "../../ui/FileLink";
import { Fault } from "../../ui/states";

type Include = "catalogue" | "review" | "both";

/** Chooses what goes into the zip, waits for it, and hands it over. */
export function DownloadDialog({ batch, onClose }: { batch: BatchView; onClose: () => void }) {
  const [include, setInclude] = useState<Include>("catalogue");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const presets = useQuery(presetsQuery);
  const renditions = presets.data?.items.find((one) => one.name === batch.preset)?.renditions ?? [];
  const start = useMutation({
    mutationFn: () => startDownload(batch.batch_id, { include, renditions: [...chosen] }),
  });
  const { data: job, error } = useQuery(jobQuery(start.data?.job_id ?? null));
  const link = job?.state === "completed" ? job.links.result : null;
  const made = job?.job_id;
  const saved = useRef<string>(undefined);
  useEffect(() => {
    // A store's link is another one in each answer; the zip is the same.
    if (!link || saved.current === made) return;
    saved.current = made;
    window.location.assign(link); // the browser saves it and the page stays
  }, [link, made]);
  const { counts } = batch;
  const amounts: Record<Include, number> = {
    catalogue: counts.auto_approved + counts.approved,
    review: counts.needs_review + counts.rejected,
    both: counts.completed,
  };
  const busy = start.isPending || (start.data !== undefined && !error && !(job && ended(job)));
  const toggle = (name: string): void =>
    setChosen(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return (
    <Dialog title="Download" onClose={onClose}>
      <div className="stack">
        <fieldset className="choices">
          <legend className="legend">Pictures</legend>
          {(
            [
              ["catalogue", "Catalogue: the approved ones"],
              ["review", "Those that wait or were rejected"],
              ["both", "Both"],
            ] as const
          ).map(([value, words]) => (
            <label key={value}>
              <input
                type="radio"
                name="include"
                checked={include === value}
                onChange={() => setInclude(value)}
              />
              {words} <span className="soft">{plural(amounts[value], "image")}</span>
            </label>
          ))}
        </fieldset>
        {renditions.length > 1 && (
          <fieldset className="choices">
            <legend className="legend">Files of each; all, unless you choose some</legend>
            <div className="chips">
              {renditions.map(({ name, format }) => (
                <button
                  type="button"
                  className="chip"
                  key={name}
                  aria-pressed={chosen.includes(name)}
                  onClick={() => toggle(name)}
                >
                  {name} <span className="soft">{format}</span>
                </button>
              ))}
            </div>
          </fieldset>
        )}
        <p className="small soft">
          The table of results: <FileLink href={batch.links.results_csv}>CSV</FileLink>,{" "}
          <FileLink href={batch.links.results_json}>JSON</FileLink>
        </p>
        {(start.error ?? error) && <Fault error={start.error ?? error} />}
        {job?.error && (
          <div className="notice is-failed" role="alert">
            <p>{job.error.message}</p>
          </div>
        )}
        {link && (
          <p role="status">
            The zip is ready:{" "}
            <a href={link} download>
              save it
            </a>
            {job?.bytes && ` (${bytes(job.bytes)})`}
          </p>
        )}
      </div>
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
        <button
          type="button"
          className="button main"
          disabled={busy || amounts[include] === 0}
          onClick={() => start.mutate()}
        >
          {busy ? "Packing…" : "Make the zip"}
        </button>
      </div>
    </Dialog>
  );
}
