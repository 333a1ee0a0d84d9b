import type { Counts } from "../api/schema";
import "./stackbar.css";

const PIECES = [
  ["ready", "approved", (counts: Counts) => counts.auto_approved + counts.approved],
  ["review", "to review", (counts: Counts) => counts.needs_review],
  ["rejected", "rejected", (counts: Counts) => counts.rejected],
  ["failed", "failed", (counts: Counts) => counts.failed],
] as const;

/** A batch in one bar: what became of its images, and how many are still to come. */
export function StackBar({ counts, legend = false }: { counts: Counts; legend?: boolean }) {
  const pieces = PIECES.map(([tone, words, of]) => ({ tone, words, count: of(counts) }));
  const said = pieces.filter((piece) => piece.count > 0).map((piece) => `${piece.count} ${piece.words}`);
  return (
    <>
      <div
        className="meter"
        role="img"
        aria-label={`${counts.total} images: ${said.join(", ") || "none finished"}`}
      >
        {pieces.map(({ tone, count }) => (
          <i
            key={tone}
            className={`is-${tone}`}
            style={{ width: `${(100 * count) / Math.max(counts.total, 1)}%` }}
          />
        ))}
      </div>
      {legend && (
        <ul className="stacklegend">
          {pieces
            .filter((piece) => piece.count > 0)
            .map(({ tone, words, count }) => (
              <li key={tone} className={`badge is-${tone}`}>
                {count} {words}
              </li>
            ))}
        </ul>
      )}
    </>
  );
}
