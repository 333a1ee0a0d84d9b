/** Requests to the API, with the token of whoever has signed in; without one where a cookie lets the page in. */
import { currentSession } from "../auth/current";
import { steady } from "../lib/links";
import { unreachable } from "./problem";

/**
 * As fetch, to an address of the API. A token that is refused is renewed once. Throws an ApiProblem when
 * nobody answers, or nobody is signed in.
 */
export async function fetchApi(
  address: string,
  request: RequestInit & { headers: Headers },
): Promise<Response> {
  const session = currentSession();
  for (let renewed = false; ; renewed = true) {
    const token = await session?.token();
    if (token !== undefined) request.headers.set("Authorization", `Bearer ${token}`);
    const response = await reached(address, request);
    const stale = response.status === 401 && token !== undefined && !renewed;
    if (!stale || !(await session?.refused(token))) return response;
  }
}

async function reached(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
}

/**
 * The JSON of an answer; null when it is none: it then comes from something in between. A link to a picture
 * that was there before stays what it was.
 */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    if (response.status === 204) return null;
    return JSON.parse(await response.text(), (_, value) =>
      typeof value === "string" ? steady(value) : value,
    );
  } catch {
    return null;
  }
}
