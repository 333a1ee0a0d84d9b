import { useQuery } from "@tanstack/react-query";
import { aboutQuery, batchQuery } from "../../api/queries";
import { changed, filtersOf, type ImageFilters, queryOf } from "../../lib/filters";
import { moment, plural } from "../../lib/format";
import { href, navigate, useRoute } from "../../lib/router";
import { batchState, isStopped, MODES } from "../../lib/words";
import { Fault, Loading, Unreadable } from "../../ui/states";
import { useTitle } from "../../ui/useTitle";
import { Actions } from "./Actions";
import { Filters } from "./Filters";
import { Images } from "./Images";
import { Progress } from "./Progress";
import "./batch.css";

/** One batch: how far it is, and what became of its images. */
export default function BatchView({ batchId }: { batchId: string }) {
  const { query } = useRoute();
  const about = useQuery(aboutQuery);
  const { data: batch, error, refetch } = useQuery(batchQuery(batchId));
  useTitle(batch?.name ?? "Batch");
  const reasons = about.data?.reasons ?? [];
  const filters = filtersOf(
    query,
    about.data ? reasons.map((one) => one.reason) : [query.get("reason") ?? ""],
  );
  const show = (by: ImageFilters): void =>
    navigate(href(["batches", batchId], queryOf(changed(filters, by))), true);
  if (error && !batch) {
    const back = { href: href([]), words: "All batches" };
    return <Unreadable error={error} retry={() => void refetch()} back={back} />;
  }
  if (!batch) return <Loading what="the batch" />;
  return (
    <>
      <div className="heading">
        <div>
          <p className="crumb soft">
            <a href={href([])}>Batches</a>
          </p>
          <h1 tabIndex={-1}>{batch.name}</h1>
          <p className="soft small">
            {moment(batch.created_at)} · {batch.preset} preset · {MODES[batch.mode].title} · background{" "}
            {batch.background}
            {batch.reference !== null && ` · reference ${batch.reference}`}
          </p>
        </div>
        <Actions batch={batch} />
      </div>
      {error && <Fault error={error} retry={() => void refetch()} />}
      {batch.error && (
        <div className={`notice is-${batchState(batch).tone}`} role="alert">
          <p>
            {isStopped(batch)
              ? `The batch was stopped. What is finished stays; ${plural(batch.counts.pending, "image")} were not begun.`
              : batch.error.message}{" "}
            <code>{batch.error.code}</code>
          </p>
        </div>
      )}
      <Progress batch={batch} />
      {batch.rejected_rows > 0 && (
        <p className="soft small">
          {plural(batch.rejected_rows, "row")} of the list can't be used; they are among the failed ones.
        </p>
      )}
      <Filters batch={batch} filters={filters} reasons={reasons} show={show} />
      <Images batch={batch} filters={filters} reasons={reasons} quiet={error !== null} />
    </>
  );
}
