import { useEffect, useState } from "react";
import type { BatchView, Counts, ReasonWord, ReviewReason } from "../../api/schema";
import { type ImageFilters, isEmpty } from "../../lib/filters";

interface Props {
  batch: BatchView;
  filters: ImageFilters;
  reasons: readonly ReasonWord[];
  show: (by: ImageFilters) => void;
}

type Chip = [words: string, of: (counts: Counts) => number, by: Pick<ImageFilters, "status" | "qc_status">];

const CHIPS: Chip[] = [
  ["All", (counts) => counts.total, {}],
  ["Approved by itself", (counts) => counts.auto_approved, { qc_status: "auto_approved" }],
  ["To review", (counts) => counts.needs_review, { qc_status: "needs_review" }],
  ["Approved", (counts) => counts.approved, { qc_status: "approved" }],
  ["Rejected", (counts) => counts.rejected, { qc_status: "rejected" }],
  ["Failed", (counts) => counts.failed, { status: "failed" }],
  ["In work", (counts) => counts.processing, { status: "processing" }],
  ["Waiting", (counts) => counts.pending, { status: "pending" }],
];

/** Which images of a batch are shown; all of it stands in the address. */
export function Filters({ batch, filters, reasons, show }: Props) {
  const { status: _, qc_status: __, ...more } = filters;
  // On a phone they would fill the window: there they unfold when asked for.
  const [open, setOpen] = useState(() => !isEmpty(more) || window.matchMedia("(min-width: 641px)").matches);
  return (
    <section className="filters" aria-label="Filters">
      <div className="chips">
        {CHIPS.map(([words, of, by]) => {
          const count = of(batch.counts);
          const here = by.status === filters.status && by.qc_status === filters.qc_status;
          if (count === 0 && !here && words !== "All") return null;
          return (
            <button
              type="button"
              key={words}
              className="chip"
              aria-pressed={here}
              onClick={() => show({ status: undefined, qc_status: undefined, ...by })}
            >
              {words} <b>{count}</b>
            </button>
          );
        })}
      </div>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>More filters</summary>
        <div className="row">
          <Typed
            label="SKU"
            value={filters.sku_id ?? ""}
            onCommit={(text) => show({ sku_id: text || undefined })}
          />
          <Typed
            label="Product group"
            value={filters.product_group_id ?? ""}
            onCommit={(text) => show({ product_group_id: text || undefined })}
          />
          <label className="field">
            <span>Reason</span>
            <select
              className="input"
              value={filters.reason ?? ""}
              onChange={(event) =>
                show({ reason: (event.target.value || undefined) as ReviewReason | undefined })
              }
            >
              <option value="">Any</option>
              {reasons.map(({ reason, title }) => (
                <option key={reason} value={reason}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <Typed
            label="Score from"
            number
            value={text(filters.score_min)}
            onCommit={(typed) => show({ score_min: bound(typed) })}
          />
          <Typed
            label="to"
            number
            value={text(filters.score_max)}
            onCommit={(typed) => show({ score_max: bound(typed) })}
          />
          {!isEmpty(filters) && (
            <button
              type="button"
              className="button plain clear"
              onClick={() =>
                show({
                  status: undefined,
                  qc_status: undefined,
                  reason: undefined,
                  sku_id: undefined,
                  product_group_id: undefined,
                  score_min: undefined,
                  score_max: undefined,
                })
              }
            >
              Clear filters
            </button>
          )}
        </div>
      </details>
    </section>
  );
}

function text(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}

function bound(typed: string): number | undefined {
  const value = Number(typed);
  return typed.trim() === "" || !Number.isFinite(value) ? undefined : Math.min(Math.max(value, 0), 100);
}

interface TypedProps {
  label: string;
  value: string;
  number?: boolean;
  onCommit: (text: string) => void;
}

/** A field that takes effect when it is left, or with Enter: not with every key. */
function Typed({ label, value, number = false, onCommit }: TypedProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const commit = (): void => {
    if (typed.trim() !== value) onCommit(typed.trim());
  };
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className={number ? "input narrow" : "input"}
        type={number ? "number" : "search"}
        min={number ? 0 : undefined}
        max={number ? 100 : undefined}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
    </label>
  );
}
