import type { NamedTally } from "../../api/schema";
import { bytes, number, plural, score, share } from "../../lib/format";

interface Props {
  title: string;
  column: string;
  rows: readonly NamedTally[];
  left: number;
}

/** Sums by name, side by side. */
export function Tallies({ title, column, rows, left }: Props) {
  if (rows.length === 0) return null;
  return (
    <section className="panel chart whole">
      <h2>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than a phone is scrolled with the keys */}
      <section className="scroll" tabIndex={0} aria-label={title}>
        <table className="tallies">
          <thead>
            <tr>
              <th scope="col">{column}</th>
              <th scope="col">Images</th>
              <th scope="col">Score</th>
              <th scope="col">Was</th>
              <th scope="col">By itself</th>
              <th scope="col">To a person</th>
              <th scope="col">Rejected</th>
              <th scope="col">Failed</th>
              <th scope="col">Saved</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, tally }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{number(tally.images)}</td>
                <td>{score(tally.score_after)}</td>
                <td>{score(tally.score_before)}</td>
                <td>{number(tally.auto_approved)}</td>
                <td>{tally.review_rate === null ? "–" : share(tally.review_rate)}</td>
                <td>{number(tally.rejected)}</td>
                <td>{number(tally.failed)}</td>
                <td>{bytes(tally.bytes_saved)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {left > 0 && <p className="soft small">and {plural(left, "more")}</p>}
    </section>
  );
}
