/** What a rule measured and what it wants, with the units that its measure has. */
import type { RuleView } from "../api/schema";
import { number } from "./format";

type Measure = NonNullable<RuleView["measure"]>;
type Told = Pick<RuleView, "measure" | "measured" | "minimum" | "maximum" | "limit">;

const UNITS: Partial<Record<Measure, string>> = {
  longest_side_px: " px",
  shortest_side_px: " px",
  megapixels: " megapixels",
  file_mb: " MB",
};
const SHARES: readonly string[] = ["white_ground", "fill_long", "fill_area"];
const FLAGS: readonly string[] = ["border", "enlarged"];

/** "77.4 %", "2,000 px", "no". */
export function measuredWords({ measure, measured }: Pick<Told, "measure" | "measured">): string {
  return valueWords(measure, measured);
}

/** "at least 85 %", "500 to 10,000 px"; in the record's own words where they are all that it has. */
export function limitWords({ measure, minimum, maximum, limit }: Told): string {
  if (measure === null || (minimum === null && maximum === null)) return limit;
  if (FLAGS.includes(measure)) return maximum === 0 ? "none wanted" : limit;
  if (minimum === null) return `at most ${valueWords(measure, maximum ?? 0)}`;
  if (maximum === null) return `at least ${valueWords(measure, minimum)}`;
  if (minimum === maximum) return valueWords(measure, minimum);
  const least = valueWords(measure, minimum);
  const unit = UNITS[measure] ?? "";
  return `${unit ? least.slice(0, -unit.length) : least} to ${valueWords(measure, maximum)}`;
}

function valueWords(measure: Measure | null, value: number): string {
  if (measure !== null && SHARES.includes(measure)) return percent(value);
  if (measure !== null && FLAGS.includes(measure)) return value > 0 ? "yes" : "no";
  const shown = Math.abs(value) < 10 ? String(Number(value.toPrecision(3))) : number(value);
  return shown + (measure === null ? "" : (UNITS[measure] ?? ""));
}

/** A ground that is white but for a few pixels is not 100 % white. */
export function percent(value: number): string {
  const digits = value > 0.99 && value < 1 ? 2 : 1;
  const shown = (value * 100).toFixed(digits);
  if (value < 1 && Number(shown) === 100) return "> 99.99 %";
  return `${Number(shown)} %`;
}
