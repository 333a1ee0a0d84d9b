import { useId } from "react";
import type { Overview, Tally } from "../../api/schema";
import { days, linear, path } from "../../lib/chart";
import { day } from "../../lib/format";
import { useSize } from "../../stage/measure";

interface Line {
  name: string;
  of: (tally: Tally) => number | null;
  tone: "now" | "was" | "review";
}

interface Props {
  overview: Overview;
  title: string;
  most: number;
  lines: readonly Line[];
  shown: (value: number) => string;
}

const HEIGHT = 200;
const EDGE = { left: 44, right: 12, top: 12, bottom: 26 };
const STEPS = [0, 0.25, 0.5, 0.75, 1];

/** A value over days; days without a batch are a gap, not a zero. */
export function Days({ overview, title, most, lines, shown }: Props) {
  const heading = useId();
  // As wide as there is room for: words keep their size on a phone.
  const [frame, size] = useSize<HTMLDivElement>();
  const width = Math.max(size?.width ?? 0, 240);
  const all = days(overview.since, overview.until);
  const known = new Map(overview.days.map((one) => [one.day, one.tally]));
  const x = linear([0, Math.max(all.length - 1, 1)], [EDGE.left, width - EDGE.right]);
  const y = linear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]);
  const drawn = lines.map((line) => ({
    ...line,
    points: all.map((name, index) => {
      const tally = known.get(name);
      const value = tally ? line.of(tally) : null;
      return value === null ? null : { x: x(index), y: y(value), value, day: name };
    }),
  }));
  const ends = [0, Math.floor((all.length - 1) / 2), all.length - 1];
  return (
    <section className="panel chart" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <div ref={frame}>
        <svg width={width} height={HEIGHT} role="img" aria-label={title}>
          {STEPS.map((step) => (
            <g key={step}>
              <line
                className="grid"
                x1={EDGE.left}
                x2={width - EDGE.right}
                y1={y(step * most)}
                y2={y(step * most)}
              />
              <text x={EDGE.left - 8} y={y(step * most) + 4} textAnchor="end">
                {shown(step * most)}
              </text>
            </g>
          ))}
          {ends.map((index, place) => (
            <text
              key={all[index]}
              x={x(index)}
              y={HEIGHT - 6}
              textAnchor={place === 0 ? "start" : place === 1 ? "middle" : "end"}
            >
              {shortDay(all[index] ?? "")}
            </text>
          ))}
          {drawn.map(({ name, tone, points }) => (
            <g key={name} className={`line ${tone}`}>
              <path d={path(points)} />
              {points.map((point) =>
                point ? (
                  <circle key={point.day} cx={point.x} cy={point.y} r={all.length > 100 ? 1.5 : 3}>
                    <title>
                      {day(point.day)}: {shown(point.value)}
                    </title>
                  </circle>
                ) : null,
              )}
            </g>
          ))}
        </svg>
      </div>
      {lines.length > 1 && (
        <p className="key small soft">
          {lines.map(({ name, tone }) => (
            <span key={name} className={tone}>
              {name}
            </span>
          ))}
        </p>
      )}
      <table className="aside">
        <caption>{title}</caption>
        <tbody>
          {overview.days.map((one) => (
            <tr key={one.day}>
              <th scope="row">{day(one.day)}</th>
              {lines.map((line) => {
                const value = line.of(one.tally);
                return <td key={line.name}>{value === null ? "none" : `${line.name} ${shown(value)}`}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shortDay(name: string): string {
  return new Date(`${name}T00:00:00Z`).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
}
