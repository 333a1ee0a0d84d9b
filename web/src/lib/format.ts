/** Numbers and dates as people read them. */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Units of 1000, as everywhere in Packshot. */
export function bytes(count: number): string {
  const sign = count < 0 ? "−" : "";
  let value = Math.abs(count);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${sign}${value.toFixed(digits)} ${UNITS[unit]}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const hours = Math.floor(whole / 3600);
  return `${hours} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}

export function milliseconds(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
}

/** 0 to 1 as per cent; a little is never nothing, and almost all never all. */
export function share(value: number): string {
  const shown = Math.round(value * 100);
  if (shown === 0 && value > 0) return "< 1 %";
  if (shown === 100 && value < 1) return "> 99 %";
  return `${shown} %`;
}

export function score(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(0);
}

export function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Images per minute when that is the nicer number. */
export function rate(perSecond: number): string {
  return perSecond >= 1 ? `${perSecond.toFixed(1)} images/s` : `${(perSecond * 60).toFixed(1)} images/min`;
}

const MINUTE = 60_000;

export function ago(at: string, now: number = Date.now()): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return "just now";
  if (past < 60 * MINUTE) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < 24 * 60 * MINUTE) return `${Math.floor(past / (60 * MINUTE))} h ago`;
  return day(at);
}

/** The day of a moment, by the clock here; of a day that has no time (YYYY-MM-DD) it is that day everywhere. */
export function day(at: string): string {
  const timeZone = at.includes("T") ? undefined : "UTC";
  return new Date(at).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone,
  });
}

export function moment(at: string): string {
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return `${day(at)}, ${time}`;
}

/** A code as words: `fill_long` becomes `Fill long`. */
export function plain(code: string): string {
  const words = code.replace(/[_.]/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The file's name of a source, without the folders before it, and without what stands behind it in an address. */
export function fileName(source: string): string {
  const path = source.includes("://") ? source.split(/[?#]/, 1)[0] : source;
  return path?.split("/").filter(Boolean).pop() ?? source;
}
