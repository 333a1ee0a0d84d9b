/** Somebody who has signed in: their tokens, kept for this tab, and new ones before the old ones end. */
import { ApiProblem, unreachable } from "../api/problem";
import type { SignIn } from "../lib/config";
import {
  type Attempt,
  answered,
  checkIdToken,
  codeOf,
  codeRequest,
  isReturn,
  newAttempt,
  refreshRequest,
  SignInError,
  signInAddress,
  signOutAddress,
  type Tokens,
  tokensOf,
} from "./oauth";

/** What it needs of a browser. */
export interface Surroundings {
  fetch: typeof fetch;
  /** Of this tab alone: it ends with the tab, and survives the way to the sign-in page and a reload. */
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Where the sign-in page leads back to. */
  site: string;
}

const ATTEMPT = "packshot.attempt";
const TOKENS = "packshot.tokens";
/** A token that ends within this many milliseconds is not used any more: it could end on its way. */
const EARLY = 60_000;

export class Session {
  private refreshing: Promise<string> | null = null;
  /** Why the last sign-in did not work. */
  fault: string | null = null;

  constructor(
    private readonly to: SignIn,
    private readonly around: Surroundings,
  ) {}

  get signedIn(): boolean {
    return this.tokens() !== null;
  }

  /**
   * Looks at the address that the page was opened with. Coming from the sign-in page, it takes the tokens and
   * tells which view to go back to; null when it is no such address.
   */
  async arrive(query: URLSearchParams): Promise<string | null> {
    if (!isReturn(query)) return null;
    const attempt = this.kept<Attempt>(ATTEMPT);
    this.around.storage.removeItem(ATTEMPT); // good for one return
    try {
      const begun = answered(query, attempt);
      const answer = await this.ask(codeRequest(this.to, this.around.site, codeOf(query), begun));
      checkIdToken(answer, this.to, begun);
      this.keep(TOKENS, tokensOf(answer, this.around.now()));
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
    }
    return attempt?.back ?? "";
  }

  /** Begins a sign-in; the address to go to. */
  async begin(back: string): Promise<string> {
    const attempt = newAttempt(back);
    this.keep(ATTEMPT, attempt);
    return signInAddress(this.to, this.around.site, attempt);
  }

  /** A token that is good for a while. Throws an ApiProblem with status 401 when one has to sign in again. */
  async token(): Promise<string> {
    const tokens = this.tokens();
    if (tokens === null) throw signedOut();
    if (tokens.ends - EARLY > this.around.now()) return tokens.access;
    return this.renewed(tokens);
  }

  /** The API has refused a token that should be good. Tells whether there is another one to try. */
  async refused(token: string): Promise<boolean> {
    const tokens = this.tokens();
    if (tokens === null) return false;
    if (tokens.access === token) await this.renewed(tokens);
    return true;
  }

  /** Forgets the tokens, here and there; the address to go to. */
  signOut(): string {
    const tokens = this.tokens();
    this.around.storage.removeItem(TOKENS);
    if (tokens?.refresh) {
      const body = new URLSearchParams({ token: tokens.refresh, client_id: this.to.client_id });
      // The browser is about to leave; should it not arrive, the token ends by itself.
      void this.around
        .fetch(`${this.to.address}/oauth2/revoke`, { method: "POST", body, keepalive: true })
        .catch(() => undefined);
    }
    return signOutAddress(this.to, this.around.site);
  }

  /** However many requests wait for it, a token is renewed once: each refresh token is good once. */
  private renewed(tokens: Tokens): Promise<string> {
    this.refreshing ??= this.renew(tokens).finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async renew(tokens: Tokens): Promise<string> {
    if (tokens.refresh === null) throw this.ended();
    try {
      const answer = await this.ask(refreshRequest(this.to, tokens.refresh));
      const fresh = tokensOf(answer, this.around.now(), tokens);
      this.keep(TOKENS, fresh);
      return fresh.access;
    } catch (error) {
      if (error instanceof SignInError) throw this.ended();
      throw error;
    }
  }

  private ended(): ApiProblem {
    this.around.storage.removeItem(TOKENS);
    return signedOut();
  }

  /** Asks the token endpoint: a refusal is a SignInError, silence an ApiProblem that may pass. */
  private async ask(body: URLSearchParams): Promise<unknown> {
    let answer: Response;
    try {
      answer = await this.around.fetch(`${this.to.address}/oauth2/token`, { method: "POST", body });
    } catch {
      throw unreachable();
    }
    if (answer.status >= 500 || answer.status === 429) throw unreachable();
    if (!answer.ok)
      throw new SignInError("The sign-in page did not accept this sign-in. Please sign in again.");
    return answer.json();
  }

  private tokens(): Tokens | null {
    return this.kept<Tokens>(TOKENS);
  }

  private kept<Kept>(name: string): Kept | null {
    try {
      return JSON.parse(this.around.storage.getItem(name) ?? "null") as Kept | null;
    } catch {
      return null; // storage is switched off, or holds what another version wrote
    }
  }

  private keep(name: string, value: Attempt | Tokens): void {
    this.around.storage.setItem(name, JSON.stringify(value));
  }
}

function signedOut(): ApiProblem {
  return new ApiProblem("token_expired", "You are not signed in, or not any more.", 401, false);
}
