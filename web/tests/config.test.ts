import { describe, expect, it } from "vitest";
import { readConfig } from "../src/lib/config";

const SIGN_IN = { issuer: "https://i", address: "https://a", client_id: "c", scope: "openid" };

function answering(body: string, status = 200): typeof fetch {
  return async () => new Response(body, { status });
}

describe("config.json", () => {
  it("says that nobody signs in, or where", async () => {
    expect(await readConfig(answering('{"sign_in": null}'))).toEqual({ sign_in: null });
    expect(await readConfig(answering(JSON.stringify({ sign_in: SIGN_IN })))).toEqual({ sign_in: SIGN_IN });
  });

  it.each([
    ["", 200],
    ["{}", 200],
    ["null", 200],
    ['{"sign_in": true}', 200],
    [JSON.stringify({ sign_in: { ...SIGN_IN, issuer: undefined } }), 200],
    ['{"sign_in": null}', 404],
  ])("is never taken for 'nobody signs in' when it is %s with status %i", async (body, status) => {
    await expect(readConfig(answering(body, status))).rejects.toThrow();
  });
});
