/**
 * Signing in by authorisation code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core): what is sent and what
 * must come back. It knows no browser.
 */
import type { SignIn } from "../lib/config";

/** A sign-in that has begun; it waits in the tab while the sign-in page is shown. */
export interface Attempt {
  /** Comes back with the code: so that nobody can bring a code of their own. */
  state: string;
  /** Comes back in the id token: so that no token of another sign-in is taken. */
  nonce: string;
  /** Proves to the token endpoint that the code was asked for here. */
  verifier: string;
  /** The view to go back to, as `#/batches/b1`. */
  back: string;
}

export interface Tokens {
  access: string;
  refresh: string | null;
  /** Milliseconds since 1970, by this browser's clock, when the access token ends. */
  ends: number;
}

/** Why somebody is not signed in, in a sentence. */
export class SignInError extends Error {
  override readonly name = "SignInError";
}

export function newAttempt(back: string): Attempt {
  return { state: random(), nonce: random(), verifier: random(), back };
}

/** 256 bits; 43 signs, the least that a verifier may have. */
function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

export async function challengeOf(verifier: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(hash));
}

/** Where the browser goes to sign in; `site` is where it comes back to. */
export async function signInAddress(to: SignIn, site: string, attempt: Attempt): Promise<string> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: to.client_id,
    redirect_uri: site,
    scope: to.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await challengeOf(attempt.verifier),
    code_challenge_method: "S256",
  });
  return `${to.address}/oauth2/authorize?${query}`;
}

/** Where the browser goes to be signed out there, too. */
export function signOutAddress(to: SignIn, site: string): string {
  return `${to.address}/logout?${new URLSearchParams({ client_id: to.client_id, logout_uri: site })}`;
}

/** True when an address is one that the sign-in page leads back to. */
export function isReturn(query: URLSearchParams): boolean {
  return query.has("state") && (query.has("code") || query.has("error"));
}

/** The sign-in that an address answers; one that was not begun here is none. */
export function answered(query: URLSearchParams, attempt: Attempt | null): Attempt {
  if (attempt === null || query.get("state") !== attempt.state) {
    throw new SignInError("This sign-in was not begun in this window. Please sign in again.");
  }
  return attempt;
}

/** The code that came back. */
export function codeOf(query: URLSearchParams): string {
  const error = query.get("error");
  const code = query.get("code");
  if (error !== null || code === null) {
    throw new SignInError(query.get("error_description") ?? `The sign-in page said: ${error}`);
  }
  return code;
}

/** What is sent for the first tokens, and for further ones. */
export function codeRequest(to: SignIn, site: string, code: string, attempt: Attempt): URLSearchParams {
  return new URLSearchParams({
    grant_type: "authorization_code",
    client_id: to.client_id,
    redirect_uri: site,
    code,
    code_verifier: attempt.verifier,
  });
}

export function refreshRequest(to: SignIn, refresh: string): URLSearchParams {
  return new URLSearchParams({
    grant_type: "refresh_token",
    client_id: to.client_id,
    refresh_token: refresh,
  });
}

/** The tokens of an answer; `before` has the refresh token when none comes anew. */
export function tokensOf(answer: unknown, now: number, before: Tokens | null = null): Tokens {
  const { access_token, refresh_token, expires_in } = Object(answer) as Record<string, unknown>;
  if (typeof access_token !== "string" || typeof expires_in !== "number") {
    throw new SignInError("The sign-in page's answer can't be read.");
  }
  const refresh = typeof refresh_token === "string" ? refresh_token : (before?.refresh ?? null);
  return { access: access_token, refresh, ends: now + expires_in * 1000 };
}

/**
 * Holds the id token of an answer to the sign-in that was begun: its issuer, its audience and its nonce. The
 * signature needs no look, since the token came from the issuer itself over TLS (OpenID Connect Core 3.1.3.7).
 */
export function checkIdToken(answer: unknown, to: SignIn, attempt: Attempt): void {
  const token = (Object(answer) as Record<string, unknown>).id_token;
  const claims = typeof token === "string" ? claimsOf(token) : {};
  if (claims.iss !== to.issuer || claims.aud !== to.client_id || claims.nonce !== attempt.nonce) {
    throw new SignInError("The sign-in page's answer belongs to another sign-in. Please sign in again.");
  }
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const part = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0));
    return Object(JSON.parse(new TextDecoder().decode(bytes))) as Record<string, unknown>;
  } catch {
    return {}; // no token at all; it then lacks all that is asked of one
  }
}
