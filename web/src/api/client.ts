/** The typed way to the API: paths, parameters, bodies and answers are those of docs/openapi.json. */
import { fetchApi, jsonOf } from "./fetching";
import { ApiProblem, problemOf } from "./problem";
import type { paths } from "./schema";

type Method = "get" | "post" | "put" | "delete";
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [Name in M]: { responses: unknown } } ? P : never;
}[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends { [Name in M]: infer Found }
  ? Found
  : never;

type Json<Response> = Response extends { content: { "application/json": infer Data } } ? Data : never;
type Answer<Op> = Op extends { responses: infer Responses }
  ? {
      [Status in keyof Responses]: Status extends 200 | 201 | 202 ? Json<Responses[Status]> : never;
    }[keyof Responses]
  : never;
type Params<Op> = Op extends { parameters: infer Given }
  ? {
      [Place in "path" | "query" | "header" as Place extends keyof Given ? Place : never]?: Given[Place &
        keyof Given];
    }
  : never;
type Body<Op> = Op extends { requestBody: { content: { "application/json": infer Data } } }
  ? { body: Data }
  : object;

type Options<Op> = { params?: Params<Op>; signal?: AbortSignal } & Body<Op>;
interface Given {
  params?: { path?: object; query?: object; header?: object };
  body?: unknown;
  signal?: AbortSignal;
}

/** Sends a request. Throws an ApiProblem for everything but success. */
async function send(method: string, path: string, given: Given): Promise<unknown> {
  const headers = new Headers({ Accept: "application/json" });
  for (const [name, value] of entries(given.params?.header)) headers.set(name, value);
  if (given.body !== undefined) headers.set("Content-Type", "application/json");
  const request = { method, headers, body: JSON.stringify(given.body), signal: given.signal };
  const response = await fetchApi(addressOf(path, given), request);
  const data = await jsonOf(response);
  if (!response.ok) throw problemOf(response.status, data);
  if (data === null && response.status !== 204) {
    throw new ApiProblem("unexpected_answer", "The server's answer can't be read.", response.status, false);
  }
  return data;
}

export function addressOf(path: string, { params }: Given): string {
  let address = path;
  for (const [name, value] of entries(params?.path)) {
    address = address.replace(`{${name}}`, encodeURIComponent(value));
  }
  const query = new URLSearchParams(entries(params?.query)).toString();
  return query ? `${address}?${query}` : address;
}

function entries(given: object | undefined): [string, string][] {
  return Object.entries(given ?? {}).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
}

function method<M extends Method>(name: M) {
  return <P extends PathsWith<M>>(
    path: P,
    options: Options<Operation<P, M>>,
  ): Promise<Answer<Operation<P, M>>> =>
    send(name.toUpperCase(), path, options) as Promise<Answer<Operation<P, M>>>;
}

export const api = { GET: method("get"), POST: method("post"), PUT: method("put"), DELETE: method("delete") };

/** A key that makes a POST safe to send again. */
export function freshKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
