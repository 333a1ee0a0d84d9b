import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMay } from "../../api/may";
import { batchesQuery, peekQuery } from "../../api/queries";
import type { BatchView } from "../../api/schema";
import { ago, duration, moment, plural } from "../../lib/format";
import { href } from "../../lib/router";
import { batchState } from "../../lib/words";
import { Badge } from "../../ui/Badge";
import { Icon } from "../../ui/Icon";
import { Picture } from "../../ui/Picture";
import { StackBar } from "../../ui/StackBar";
import { Empty, Fault, Loading } from "../../ui/states";
import { useTitle } from "../../ui/useTitle";
import "./batches.css";

/** All batches, newest first: where the page begins. */
export default function BatchesView() {
  useTitle("Batches");
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(batchesQuery);
  const operates = useMay("operator");
  const batches = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="heading">
        <div>
          <h1 tabIndex={-1}>Batches</h1>
        </div>
        {operates && (
          <a className="button main" href={href(["new"])}>
            <Icon name="add" /> New batch
          </a>
        )}
      </div>
      {error && <Fault error={error} retry={() => void refetch()} />}
      {isPending && <Loading what="batches" rows={4} />}
      {data && batches.length === 0 && <First operates={operates} />}
      <ul className="batches">
        {batches.map((batch) => (
          <Row key={batch.batch_id} batch={batch} />
        ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Older batches
        </button>
      )}
    </>
  );
}

function First({ operates }: { operates: boolean }) {
  if (!operates) {
    return (
      <Empty icon="photos" title="No batch yet">
        <p>As soon as an operator has started one, it appears here.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="photos" title="No batch yet">
      <p>
        Drop photos of your products, or a list of them. Every photo is found, aligned, cut out, cleaned,
        compressed and scored; you look only at what is doubtful.
      </p>
      <a className="button main large" href={href(["new"])}>
        <Icon name="add" /> New batch
      </a>
    </Empty>
  );
}

/** A few of its pictures: people know their batches by them. */
function Peek({ batch }: { batch: BatchView }) {
  const { data } = useQuery(peekQuery(batch.batch_id, batch.counts.completed));
  return (
    <div className="peek">
      {(data ?? []).map((src) => (
        <Picture key={src} src={src} alt="" />
      ))}
    </div>
  );
}

function Row({ batch }: { batch: BatchView }) {
  const { counts, progress } = batch;
  return (
    <li className="batchrow">
      <div className="what">
        <h2>
          <a href={href(["batches", batch.batch_id])}>{batch.name}</a>
        </h2>
        <p className="soft small">
          <time dateTime={batch.created_at} title={moment(batch.created_at)}>
            {ago(batch.created_at)}
          </time>
          {" · "}
          {plural(counts.total, "image")} · {batch.preset}
          {batch.mode !== "auto" && ` · ${batch.mode}`}
        </p>
      </div>
      <Peek batch={batch} />
      <div className="bar">
        <StackBar counts={counts} legend />
      </div>
      <div className="state">
        <Badge state={batchState(batch)} />
        {progress && (
          <p className="soft small">
            {progress.done} of {progress.total}
            {progress.eta_s !== null && `, ${duration(progress.eta_s)} left`}
          </p>
        )}
        {!progress && counts.needs_review > 0 && (
          <a className="small above" href={href(["review"], [["batch", batch.batch_id]])}>
            Review {counts.needs_review}
          </a>
        )}
      </div>
    </li>
  );
}
