/** What a store (S3) says when it takes no file: XML in place of a problem. */
import { ApiProblem, problemOf } from "./problem";

/** The problem of a refused upload, from the server's JSON or a store's XML. */
export function uploadProblem(status: number, text: string): ApiProblem {
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
  if (code === undefined) return problemOf(status, parsed(text));
  const words = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? "";
  if (code === "EntityTooLarge" || code === "EntityTooSmall") {
    return new ApiProblem(
      "upload_size_wrong",
      "The file has changed since it was chosen: its size is another one. Please choose it again.",
      status,
      false,
    );
  }
  if (status >= 500 || code === "SlowDown" || code === "RequestTimeout") {
    return new ApiProblem("store_unavailable", "The store did not take the file just now.", status, true);
  }
  if (status === 403) {
    // Its time is over, or whoever signed it may not any more: a fresh address is asked for.
    return new ApiProblem("upload_link_invalid", "The address for this file has run out.", status, false);
  }
  return new ApiProblem("upload_refused", `The store did not take the file: ${words || code}`, status, false);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not from Packshot, but from a proxy in between
  }
}
