/** What went wrong with a request, in the words of the server. */
import type { FieldProblem, Problem } from "./schema";

export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    /** The stable code; `unreachable` when no answer came. */
    readonly code: string,
    /** A sentence for people. */
    message: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly retryable: boolean,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(message);
  }

  get conflict(): boolean {
    return this.status === 409 || this.status === 412;
  }

  get unauthorised(): boolean {
    return this.status === 401;
  }

  get forbidden(): boolean {
    return this.status === 403;
  }
}

export function unreachable(): ApiProblem {
  return new ApiProblem(
    "unreachable",
    "The server does not answer. It may have been stopped, or the connection is gone.",
    0,
    true,
  );
}

/** The problem that an answer holds; answers of proxies in between hold none. */
export function problemOf(status: number, body: unknown): ApiProblem {
  if (isProblem(body)) {
    return new ApiProblem(body.code, body.detail, status, body.retryable ?? false, body.fields ?? []);
  }
  const [code, words] = GATEWAY[status] ?? [
    "unexpected_answer",
    `The server answered with status ${status}.`,
  ];
  return new ApiProblem(code, words, status, status >= 500 || status === 429);
}

/** Answers of the gateway that stands before the API on AWS: they have a status and no problem. */
const GATEWAY: Record<number, [code: string, words: string]> = {
  401: ["token_missing", "You are not signed in, or not any more."],
  403: ["forbidden", "Your sign-in does not allow this."],
  413: ["body_too_large", "That is more than the server takes at once."],
  429: ["too_many_requests", "Too many requests at once. It goes on in a moment."],
  503: ["server_busy", "The server is busy. It goes on in a moment."],
  504: ["server_slow", "The server took too long to answer."],
};

/** Any error as a problem, so that views show one kind. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new ApiProblem("page_error", `Something went wrong in the page: ${words}`, 0, false);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}
