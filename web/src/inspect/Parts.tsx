import { plain, score } from "../lib/format";
import type { Focus } from "../lib/marks";
import { PARTS } from "../lib/words";

interface Props {
  after: Record<string, number>;
  before: Record<string, number>;
  focus: Focus | null;
  onFocus: (focus: Focus | null) => void;
}

/** The score's parts, the weakest first: that is the one to look at. */
export function Parts({ after, before, focus, onFocus }: Props) {
  const parts = Object.entries(after).sort(([, one], [, other]) => one - other);
  return (
    <section>
      <h2>Score</h2>
      <ul className="parts">
        {parts.map(([name, value]) => {
          const here = focus?.kind === "part" && focus.name === name;
          const was = before[name];
          return (
            <li key={name}>
              <button
                type="button"
                aria-pressed={here}
                onClick={() => onFocus(here ? null : { kind: "part", name })}
              >
                <span>{PARTS[name] ?? plain(name)}</span>
                <span className="meter">
                  <i style={{ width: `${value}%` }} className={value < 50 ? "is-review" : ""} />
                  {was !== undefined && <em style={{ left: `${was}%` }} />}
                </span>
                <span className="number">
                  {was !== undefined && <span className="soft">{score(was)} → </span>}
                  {score(value)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
