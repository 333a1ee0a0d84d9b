import { useId } from "react";
import type { Tone } from "../../lib/words";

interface Row {
  name: string;
  value: number;
  words: string;
  note?: string;
}

interface Props {
  title: string;
  none: string;
  rows: readonly Row[];
  tone: Tone;
  /** Rows have an order of their own, and are not sorted by value. */
  inOrder?: boolean;
  /** As wide as the view. */
  whole?: boolean;
}

const MOST = 12;

/** Amounts as bars. */
export function Bars({ title, none, rows, tone, inOrder = false, whole = false }: Props) {
  const heading = useId();
  const most = Math.max(...rows.map((row) => row.value), 1e-9);
  const sorted = inOrder ? rows : [...rows].sort((one, other) => other.value - one.value).slice(0, MOST);
  return (
    <section className={whole ? "panel chart whole" : "panel chart"} aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {rows.length === 0 && <p className="soft">{none}</p>}
      <ul className={`bars is-${tone}`}>
        {sorted.map((row) => (
          <li key={row.name}>
            <span className="barname">{row.name}</span>
            <span className="meter">
              <i style={{ width: `${(100 * row.value) / most}%` }} />
            </span>
            <span className="number">{row.words}</span>
            {row.note && <span className="soft small note">{row.note}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
