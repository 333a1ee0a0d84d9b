/** Scales and paths of small charts. */

/** From values to pixels. */
export function linear(from: [number, number], to: [number, number]): (value: number) => number {
  const span = from[1] - from[0] || 1;
  return (value) => to[0] + ((value - from[0]) / span) * (to[1] - to[0]);
}

/** Round values from zero that cover `most`, about `count` steps of them. */
export function ticks(most: number, count = 4): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const steps = Math.ceil(most / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

export interface Place {
  x: number;
  y: number;
}

/** A line through points; a gap where a day has no value. */
export function path(points: (Place | null)[]): string {
  let pen = "M";
  const parts: string[] = [];
  for (const point of points) {
    if (point === null) {
      pen = "M";
      continue;
    }
    parts.push(`${pen}${point.x.toFixed(1)} ${point.y.toFixed(1)}`);
    pen = "L";
  }
  return parts.join("");
}

/** Every day from `since` to `until`, both included, as YYYY-MM-DD. */
export function days(since: string, until: string): string[] {
  const found: string[] = [];
  const end = Date.parse(`${until}T00:00:00Z`);
  for (let at = Date.parse(`${since}T00:00:00Z`); at <= end && found.length < 3700; at += 86_400_000) {
    found.push(new Date(at).toISOString().slice(0, 10));
  }
  return found;
}
