import { describe, expect, it } from "vitest";
import { may } from "../src/api/may";
import { problemOf } from "../src/api/problem";
import { fileNameOf } from "../src/api/saving";
import { uploadProblem } from "../src/api/storeProblem";

const xml = (code: string, words: string): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${words}</Message></Error>`;

describe("a refused upload", () => {
  it("is sent again to a fresh address when its own has run out", () => {
    const text = xml("AccessDenied", "Invalid according to Policy: Policy expired.");
    expect(uploadProblem(403, text)).toMatchObject({ code: "upload_link_invalid", retryable: false });
  });

  it.each([["EntityTooLarge"], ["EntityTooSmall"]])("says that the file has changed: %s", (code) => {
    expect(uploadProblem(400, xml(code, "..."))).toMatchObject({
      code: "upload_size_wrong",
      retryable: false,
    });
  });

  it.each([
    [503, "SlowDown"],
    [500, "InternalError"],
    [400, "RequestTimeout"],
  ])("is tried again when the store is busy: %i %s", (status, code) => {
    expect(uploadProblem(status, xml(code, "..."))).toMatchObject({ retryable: true });
  });

  it("says what a store says otherwise", () => {
    const problem = uploadProblem(
      412,
      xml("PreconditionFailed", "Bucket POST must be of the enclosure-type"),
    );
    expect(problem.message).toContain("enclosure-type");
  });

  it("is the server's problem where the server takes files itself", () => {
    const text = JSON.stringify({ code: "upload_type_refused", detail: "No.", retryable: false });
    expect(uploadProblem(415, text)).toMatchObject({ code: "upload_type_refused", message: "No." });
    expect(uploadProblem(502, "<html>")).toMatchObject({ code: "unexpected_answer", retryable: true });
  });
});

describe("an answer of the gateway before the API", () => {
  it.each([
    [401, "token_missing", false],
    [403, "forbidden", false],
    [429, "too_many_requests", true],
    [503, "server_busy", true],
  ])("%i is %s", (status, code, retryable) => {
    const problem = problemOf(status, { message: "..." });
    expect(problem).toMatchObject({ code, retryable });
    expect(problem.unauthorised).toBe(status === 401);
    expect(problem.forbidden).toBe(status === 403);
  });

  it("never takes the place of what the API says itself", () => {
    const said = { code: "role_missing", detail: "This needs the role operator." };
    expect(problemOf(403, said)).toMatchObject({ code: "role_missing", forbidden: true });
  });
});

describe("what somebody may do", () => {
  it("is what their roles say, and is not guessed before they are known", () => {
    expect(may(["viewer", "reviewer"], "reviewer")).toBe(true);
    expect(may(["viewer"], "reviewer")).toBe(false);
    expect(may([], "viewer")).toBe(false);
    expect(may(["viewer"], undefined)).toBe(true);
    expect(may(undefined, "operator")).toBe(true);
  });
});

describe("a saved file", () => {
  it.each([
    ['attachment; filename="batch-1.csv"', "batch-1.csv"],
    [null, "results"],
    ['attachment; filename="../evil"', "results"],
  ])("has the name that the server gives it: %s", (disposition, name) => {
    expect(fileNameOf(disposition, "/api/v1/batches/b/results?format=csv")).toBe(name);
  });
});
