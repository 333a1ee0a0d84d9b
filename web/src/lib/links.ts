/**
 * Presigned links are new in each answer, and a browser would fetch each picture again with each. So the first
 * link to a version of a picture is used until shortly before it ends.
 */

/** Milliseconds that a link must still be good for. */
const LEFT = 10 * 60_000;
/** Links that are kept; the oldest goes first. */
const MOST = 5000;

const kept = new Map<string, { link: string; ends: number }>();

/** The link under which this browser may already have the picture. */
export function steady(link: string, now: number = Date.now()): string {
  const known = identityOf(link);
  if (known === null) return link;
  const before = kept.get(known.name);
  if (before && before.ends - LEFT > now) return before.link;
  kept.delete(known.name);
  kept.set(known.name, { link, ends: known.ends });
  const oldest = kept.size > MOST ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return link;
}

/** What a presigned link leads to, and when it ends; null for others, and where it names no version. */
function identityOf(link: string): { name: string; ends: number } | null {
  if (!link.includes("X-Amz-Signature=") || !URL.canParse(link)) return null;
  const { origin, pathname, searchParams: query } = new URL(link);
  // The store's own version, or the one that the API gives it: a hash, which a store does not look at.
  const version = query.get("versionId") ?? query.get("x-version");
  const seconds = Number(query.get("X-Amz-Expires"));
  const begins = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "");
  if (version === null || begins === null || !(seconds > 0)) return null;
  const [year, month, day, hour, minute, second] = begins.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ends = Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000;
  return { name: `${origin}${pathname}?${version}`, ends };
}
