import { describe, expect, it } from "vitest";
import { Session } from "../src/auth/session";

const TO = {
  issuer: "https://issuer.example/pool",
  address: "https://sign-in.example",
  client_id: "client",
  scope: "openid packshot/api",
};
const SITE = "https://site.example/";

/** A sign-in page that counts what it is asked, and can be told to refuse. */
class Fake {
  asked: { path: string; body: Record<string, string> }[] = [];
  answers: (Response | Error)[] = [];
  at = 0;
  kept = new Map<string, string>();
  nonce = "";
  private count = 0;

  open(): Session {
    return new Session(TO, {
      fetch: (async (address: string, { body }: { body: URLSearchParams }) => {
        this.asked.push({ path: new URL(address).pathname, body: Object.fromEntries(body) });
        await Promise.resolve();
        const answer = this.answers.shift() ?? this.tokens();
        if (answer instanceof Error) throw answer;
        return answer;
      }) as unknown as typeof fetch,
      storage: {
        getItem: (name) => this.kept.get(name) ?? null,
        setItem: (name, value) => this.kept.set(name, value),
        removeItem: (name) => this.kept.delete(name),
      },
      now: () => this.at,
      site: SITE,
    });
  }

  tokens(): Response {
    this.count += 1;
    const claims = { iss: TO.issuer, aud: TO.client_id, nonce: this.nonce };
    return Response.json({
      access_token: `access ${this.count}`,
      refresh_token: `refresh ${this.count}`,
      id_token: `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`,
      expires_in: 1800,
    });
  }

  /** Signs in as a browser would: to the sign-in page, and back with a code. */
  async signIn(session: Session, back = "#/new"): Promise<string | null> {
    const query = new URL(await session.begin(back)).searchParams;
    this.nonce = query.get("nonce") ?? "";
    return session.arrive(new URLSearchParams({ code: "code", state: query.get("state") ?? "" }));
  }
}

const MINUTES = 60_000;

describe("signing in", () => {
  it("changes the code into tokens and goes back to the view", async () => {
    const fake = new Fake();
    const session = fake.open();
    expect(session.signedIn).toBe(false);
    expect(await fake.signIn(session)).toBe("#/new");
    expect(session.signedIn).toBe(true);
    expect(await session.token()).toBe("access 1");
    const [asked] = fake.asked;
    expect(asked?.path).toBe("/oauth2/token");
    expect(asked?.body).toMatchObject({
      grant_type: "authorization_code",
      client_id: "client",
      redirect_uri: SITE,
      code: "code",
    });
    expect(asked?.body.code_verifier).toMatch(/^[\w-]{43}$/);
    // A reload of the tab finds them again.
    expect(await fake.open().token()).toBe("access 1");
  });

  it("leaves an address alone that is none of the sign-in page's", async () => {
    expect(await new Fake().open().arrive(new URLSearchParams("theme=dark"))).toBeNull();
  });

  it("takes a code only once, and none that was not asked for here", async () => {
    const fake = new Fake();
    const session = fake.open();
    const query = new URL(await session.begin("#/review")).searchParams;
    const foreign = new URLSearchParams({ code: "theirs", state: "theirs" });
    expect(await session.arrive(foreign)).toBe("#/review");
    expect(session.fault).toMatch(/not begun in this window/);
    const own = new URLSearchParams({ code: "mine", state: query.get("state") ?? "" });
    expect(await session.arrive(own)).toBe("");
    expect(fake.asked).toEqual([]);
    expect(session.signedIn).toBe(false);
  });

  it("refuses tokens of another sign-in", async () => {
    const fake = new Fake();
    const session = fake.open();
    const query = new URL(await session.begin("")).searchParams;
    fake.nonce = "another";
    await session.arrive(new URLSearchParams({ code: "c", state: query.get("state") ?? "" }));
    expect(session.signedIn).toBe(false);
    expect(session.fault).toMatch(/another sign-in/);
  });

  it.each([
    [Response.json({ error: "invalid_grant" }, { status: 400 }), /did not accept/],
    [new Response("", { status: 502 }), /does not answer/],
    [new TypeError("Failed to fetch"), /does not answer/],
    [Response.json({}), /can't be read|another sign-in/],
  ])("says why it did not work: %#", async (answer, words) => {
    const fake = new Fake();
    fake.answers.push(answer);
    const session = fake.open();
    await fake.signIn(session);
    expect(session.signedIn).toBe(false);
    expect(session.fault).toMatch(words);
  });
});

describe("a token", () => {
  it("asks for a sign-in where there is none", async () => {
    await expect(new Fake().open().token()).rejects.toMatchObject({ status: 401, code: "token_expired" });
  });

  it("is renewed shortly before it ends, once for all who wait", async () => {
    const fake = new Fake();
    const session = fake.open();
    await fake.signIn(session);
    fake.at = 28 * MINUTES;
    expect(await session.token()).toBe("access 1");
    fake.at = 29.5 * MINUTES;
    expect(await Promise.all([session.token(), session.token(), session.token()])).toEqual(
      Array(3).fill("access 2"),
    );
    expect(fake.asked.slice(1).map((one) => one.body)).toEqual([
      { grant_type: "refresh_token", client_id: "client", refresh_token: "refresh 1" },
    ]);
    // Each refresh token is good once: the next renewal uses the new one.
    fake.at = 60 * MINUTES;
    expect(await session.token()).toBe("access 3");
    expect(fake.asked.at(-1)?.body.refresh_token).toBe("refresh 2");
  });

  it("is gone when it can't be renewed any more", async () => {
    const fake = new Fake();
    const session = fake.open();
    await fake.signIn(session);
    fake.at = 13 * 60 * MINUTES;
    fake.answers.push(Response.json({ error: "invalid_grant" }, { status: 400 }));
    await expect(session.token()).rejects.toMatchObject({ status: 401 });
    expect(session.signedIn).toBe(false);
  });

  it.each([
    [new TypeError("offline")],
    [new Response("", { status: 503 })],
    [new Response("", { status: 429 })],
  ])("is not lost when the sign-in page can't be reached: %#", async (answer) => {
    const fake = new Fake();
    const session = fake.open();
    await fake.signIn(session);
    fake.at = 31 * MINUTES;
    fake.answers.push(answer);
    await expect(session.token()).rejects.toMatchObject({ code: "unreachable", retryable: true });
    expect(session.signedIn).toBe(true);
    expect(await session.token()).toBe("access 2");
  });

  it("is renewed when the API refuses it, unless another request has done so already", async () => {
    const fake = new Fake();
    const session = fake.open();
    await fake.signIn(session);
    expect(await session.refused("access 1")).toBe(true);
    expect(await session.token()).toBe("access 2");
    expect(await session.refused("access 1")).toBe(true);
    expect(fake.asked).toHaveLength(2);
  });
});

describe("signing out", () => {
  it("forgets the tokens here, has them revoked there, and ends the sign-in page's own session", async () => {
    const fake = new Fake();
    const session = fake.open();
    await fake.signIn(session);
    expect(new URL(session.signOut()).pathname).toBe("/logout");
    expect(session.signedIn).toBe(false);
    expect([...fake.kept.keys()]).toEqual([]);
    expect(fake.asked.at(-1)).toEqual({
      path: "/oauth2/revoke",
      body: { token: "refresh 1", client_id: "client" },
    });
    expect(await session.refused("access 1")).toBe(false);
  });
});
