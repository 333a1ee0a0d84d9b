/** The link that `packshot serve` prints holds a token; the server takes it for a cookie that scripts can't read. */

/** The token of a link, or what was typed if it is no link. */
export function tokenIn(typed: string): string {
  const found = /[?#&]token=([^&#\s]+)/.exec(typed)?.[1] ?? typed.trim();
  try {
    return decodeURIComponent(found);
  } catch {
    return found; // a lone % is what it is: the server says that it is no token of its own
  }
}

/** Where a browser that has the token is let in. */
export function entrance(token: string): string {
  return `/?token=${encodeURIComponent(token)}`;
}
