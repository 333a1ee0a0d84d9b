import type { BatchView } from "../../api/schema";
import { duration, fileName, plural, rate } from "../../lib/format";
import { StackBar } from "../../ui/StackBar";

/** How far a batch is, how fast it goes, and when it will be done. */
export function Progress({ batch }: { batch: BatchView }) {
  const { counts, progress } = batch;
  return (
    <section className="progress panel" aria-label="Progress">
      <StackBar counts={counts} legend />
      {progress ? (
        <dl className="facts">
          <Fact name="Done" value={`${progress.done} of ${progress.total}`} />
          <Fact name="Speed" value={progress.rate_per_s > 0 ? rate(progress.rate_per_s) : "measuring"} />
          <Fact name="Time left" value={left(progress)} />
          {progress.reused > 0 && <Fact name="Stood already" value={String(progress.reused)} />}
          {progress.current.length > 0 && (
            <Fact name="In work" value={progress.current.map(fileName).join(", ")} long />
          )}
        </dl>
      ) : (
        <dl className="facts">
          <Fact name="Images" value={String(counts.total)} />
          {batch.finished_at !== null && (
            <Fact
              name="Took"
              value={duration((Date.parse(batch.finished_at) - Date.parse(batch.created_at)) / 1000)}
            />
          )}
        </dl>
      )}
    </section>
  );
}

function left(progress: NonNullable<BatchView["progress"]>): string {
  if (progress.ahead > 0) return `after ${plural(progress.ahead, "other job")}`;
  return progress.eta_s === null ? "not known yet" : duration(progress.eta_s);
}

function Fact({ name, value, long = false }: { name: string; value: string; long?: boolean }) {
  return (
    <div className={long ? "long" : ""}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
