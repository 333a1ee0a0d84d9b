import { useQuery } from "@tanstack/react-query";
import { aboutQuery, overviewQuery } from "../../api/queries";
import type { Overview } from "../../api/schema";
import { bytes, number, plural, score, share } from "../../lib/format";
import { href, navigate, useRoute } from "../../lib/router";
import { Segments } from "../../ui/Segments";
import { Empty, Fault, Loading } from "../../ui/states";
import { useTitle } from "../../ui/useTitle";
import { Bars } from "./Bars";
import { Days } from "./Days";
import { Tallies } from "./Tallies";
import "./overview.css";

const SPANS = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "A year"],
] as const;
type Span = (typeof SPANS)[number][0];

const STAGES: Record<string, string> = {
  detect: "Detect",
  align: "Align",
  background: "Background",
  enhance: "Enhance",
  compress: "Compress",
  score: "Score",
};

/** How it goes: sums over the batches of some days. */
export default function OverviewView() {
  useTitle("Overview");
  const { query } = useRoute();
  const span: Span = SPANS.find(([days]) => days === query.get("days"))?.[0] ?? "30";
  const until = today();
  const since = before(until, Number(span) - 1);
  const { data, error, isPending, refetch } = useQuery(overviewQuery(since, until));
  return (
    <>
      <div className="heading">
        <div>
          <h1 tabIndex={-1}>Overview</h1>
        </div>
        <Segments
          label="Days"
          value={span}
          options={SPANS}
          onChange={(days) => navigate(href(["overview"], [["days", days]]), true)}
        />
      </div>
      {error && <Fault error={error} retry={() => void refetch()} />}
      {isPending && <Loading what="the overview" />}
      {data && data.batches === 0 && (
        <Empty icon="chart" title="Nothing was processed in these days">
          <p>
            As soon as batches have run, you see here how good the pictures are, and where time and bytes go.
          </p>
          <a className="button main" href={href(["new"])}>
            New batch
          </a>
        </Empty>
      )}
      {data && data.batches > 0 && <Sums overview={data} />}
    </>
  );
}

function Sums({ overview }: { overview: Overview }) {
  const { total } = overview;
  const reasons = useQuery(aboutQuery).data?.reasons ?? [];
  return (
    <div className="overview">
      <dl className="kpis">
        <Kpi name="Images" value={number(total.images)} more={plural(overview.batches, "batch", "batches")} />
        <Kpi
          name="Score"
          value={score(total.score_after)}
          more={total.score_before === null ? "" : `was ${score(total.score_before)} in the photos`}
        />
        <Kpi
          name="To a person"
          value={total.review_rate === null ? "–" : share(total.review_rate)}
          more={`${number(total.reviewed)} of ${number(total.completed)}`}
        />
        <Kpi
          name="Failed"
          value={number(total.failed)}
          more={total.images ? share(total.failed / total.images) : ""}
        />
        <Kpi
          name={total.bytes_saved < 0 ? "Larger by" : "Saved"}
          value={bytes(Math.abs(total.bytes_saved))}
          more={`${bytes(total.source_bytes)} became ${bytes(total.main_bytes)}`}
        />
      </dl>
      <Days
        overview={overview}
        title="Score"
        most={100}
        lines={[
          { name: "finished", of: (tally) => tally.score_after, tone: "now" },
          { name: "photos", of: (tally) => tally.score_before, tone: "was" },
        ]}
        shown={(value) => score(value)}
      />
      <Days
        overview={overview}
        title="Share that goes to a person"
        most={1}
        lines={[{ name: "review rate", of: (tally) => tally.review_rate, tone: "review" }]}
        shown={share}
      />
      <Bars
        title="Failures"
        none="Nothing failed."
        rows={overview.failures.map((one) => ({
          name: one.code,
          value: one.images,
          words: number(one.images),
          note: one.example,
        }))}
        tone="failed"
      />
      <Bars
        title="Why images wait for review"
        none="Nothing waits."
        rows={overview.reasons.map((one) => ({
          name: reasons.find((word) => word.reason === one.reason)?.title ?? one.reason,
          value: one.images,
          words: number(one.images),
        }))}
        tone="review"
      />
      <Bars
        title="Time per stage, mean of an image"
        none="No times were measured."
        rows={overview.stages.map((one) => ({
          name: STAGES[one.stage] ?? one.stage,
          value: one.mean_ms,
          words: `${number(Math.round(one.mean_ms))} ms`,
        }))}
        tone="ready"
        inOrder
        whole
      />
      <Tallies title="Presets" column="Preset" rows={overview.presets} left={0} />
      <Tallies
        title="Product groups"
        column="Product group"
        rows={overview.groups}
        left={overview.groups_left}
      />
    </div>
  );
}

function Kpi({ name, value, more }: { name: string; value: string; more: string }) {
  return (
    <div className="panel">
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <span className="soft small">{more}</span>
      </dd>
    </div>
  );
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function before(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
