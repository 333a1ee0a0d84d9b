import { describe, expect, it } from "vitest";
import {
  type Attempt,
  answered,
  challengeOf,
  checkIdToken,
  codeOf,
  isReturn,
  newAttempt,
  signInAddress,
  signOutAddress,
  tokensOf,
} from "../src/auth/oauth";

const TO = {
  issuer: "https://issuer.example/pool",
  address: "https://sign-in.example",
  client_id: "client",
  scope: "openid packshot/api",
};
const ATTEMPT: Attempt = { state: "s", nonce: "n", verifier: "v", back: "#/new" };

function idToken(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.signature`;
}

describe("a sign-in", () => {
  it("begins with values that nobody can guess, each another", () => {
    const { state, nonce, verifier } = newAttempt("");
    expect(new Set([state, nonce, verifier]).size).toBe(3);
    for (const value of [state, nonce, verifier]) expect(value).toMatch(/^[\w-]{43}$/);
    expect(newAttempt("").state).not.toBe(state);
  });

  it("sends the challenge of RFC 7636, appendix B", async () => {
    expect(await challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
  });

  it("asks for a code and never shows the verifier", async () => {
    const address = new URL(await signInAddress(TO, "https://site.example/", ATTEMPT));
    expect(address.origin + address.pathname).toBe("https://sign-in.example/oauth2/authorize");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      response_type: "code",
      client_id: "client",
      redirect_uri: "https://site.example/",
      scope: "openid packshot/api",
      state: "s",
      nonce: "n",
      code_challenge: await challengeOf("v"),
      code_challenge_method: "S256",
    });
  });

  it("ends at the sign-in page, too", () => {
    expect(signOutAddress(TO, "https://site.example/")).toBe(
      "https://sign-in.example/logout?client_id=client&logout_uri=https%3A%2F%2Fsite.example%2F",
    );
  });
});

describe("what comes back", () => {
  it.each([
    ["code=c&state=s", true],
    ["error=access_denied&state=s", true],
    ["code=c", false],
    ["", false],
  ])("is told by its query: %s", (query, is) => {
    expect(isReturn(new URLSearchParams(query))).toBe(is);
  });

  it.each([[null], [{ ...ATTEMPT, state: "another" }]])(
    "belongs to what was begun here, not to %o",
    (attempt) => {
      expect(() => answered(new URLSearchParams("code=c&state=s"), attempt)).toThrow(
        /not begun in this window/,
      );
    },
  );

  it("holds a code, or a reason in words", () => {
    expect(codeOf(new URLSearchParams("code=c&state=s"))).toBe("c");
    expect(() => codeOf(new URLSearchParams("error=access_denied&state=s"))).toThrow(/access_denied/);
    expect(() => codeOf(new URLSearchParams("error=e&error_description=No+group&state=s"))).toThrow(
      "No group",
    );
  });
});

describe("an answer of the token endpoint", () => {
  it("holds tokens and when they end", () => {
    const answer = { access_token: "a", refresh_token: "r", expires_in: 1800 };
    expect(tokensOf(answer, 1000)).toEqual({ access: "a", refresh: "r", ends: 1_801_000 });
  });

  it("keeps the refresh token when no other one comes", () => {
    const before = { access: "old", refresh: "r", ends: 0 };
    expect(tokensOf({ access_token: "a", expires_in: 1 }, 0, before).refresh).toBe("r");
  });

  it.each([[null], ["text"], [{}], [{ access_token: "a" }], [{ access_token: 1, expires_in: 1 }]])(
    "is refused when it is %o",
    (answer) => {
      expect(() => tokensOf(answer, 0)).toThrow(/can't be read/);
    },
  );

  const claims = { iss: TO.issuer, aud: "client", nonce: "n", name: "Änne" };

  it("is of this sign-in by issuer, audience and nonce", () => {
    expect(() => checkIdToken({ id_token: idToken(claims) }, TO, ATTEMPT)).not.toThrow();
  });

  it.each([
    [{ id_token: idToken({ ...claims, nonce: "another" }) }],
    [{ id_token: idToken({ ...claims, nonce: undefined }) }],
    [{ id_token: idToken({ ...claims, aud: "another" }) }],
    [{ id_token: idToken({ ...claims, iss: "https://issuer.example/other" }) }],
    [{ id_token: "no.token.atall" }],
    [{ id_token: "" }],
    [{}],
    [null],
  ])("is refused when it is of another: %#", (answer) => {
    expect(() => checkIdToken(answer, TO, ATTEMPT)).toThrow(/another sign-in/);
  });
});
