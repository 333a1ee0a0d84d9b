/**
 * A site as AWS has it, before a real local server: a sign-in page, an API that asks for its tokens, and a store
 * that takes forms and serves pictures, each of an origin of its own. What the page may do is its own policy's
 * and CORS's business, as there.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Role, UploadFolder } from "../src/api/schema";
import { ROOT, type Server } from "./server";

const PAGE = join(ROOT, "pipeline/packshot/api/static");
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};
const CLIENT = "page";
const SCOPE = "openid packshot/api";

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export class Aws {
  /** Who signs in next, and what they may do. */
  name = "anna";
  roles: Role[] = ["viewer", "reviewer", "operator"];
  /** Seconds that an access token is good for, as the token endpoint says it. */
  lasts = 1800;
  /** What the token endpoint was asked for, and what was sent to the store. */
  asked: string[] = [];
  sent: { path: string; type: string }[] = [];
  site = "";
  signIn = "";
  store = "";
  private codes = new Map<string, URLSearchParams>();
  private access = new Set<string>();
  private refresh = new Set<string>();
  private servers: HttpServer[] = [];

  constructor(private readonly local: Server) {}

  async start(): Promise<void> {
    this.signIn = await this.listen((request, response, url) => this.authorise(request, response, url));
    this.store = await this.listen((request, response, url) => this.keep(request, response, url));
    this.site = await this.listen((request, response, url) =>
      url.pathname.startsWith("/api/") ? this.call(request, response, url) : this.page(response, url),
    );
  }

  stop(): void {
    for (const server of this.servers) server.close();
  }

  /** All access tokens end at once, as half an hour later. */
  endTokens(): void {
    this.access.clear();
  }

  /** Refresh tokens too, as a day later. */
  endSessions(): void {
    this.endTokens();
    this.refresh.clear();
  }

  private async listen(answer: Answer): Promise<string> {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      answer(request, response, url).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    this.servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Cognito: people are let in without a word, tokens only to whoever has the verifier. */
  private async authorise(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, searchParams }: URL,
  ) {
    const go = (to: string): void => void response.writeHead(302, { Location: to }).end();
    if (pathname === "/oauth2/authorize") {
      const code = randomUUID();
      this.codes.set(code, searchParams);
      const back = { code, state: searchParams.get("state") ?? "" };
      return go(`${searchParams.get("redirect_uri")}?${new URLSearchParams(back)}`);
    }
    if (pathname === "/logout") return go(searchParams.get("logout_uri") ?? "");
    const body = new URLSearchParams((await bodyOf(request)).toString());
    this.asked.push(pathname === "/oauth2/revoke" ? "revoke" : (body.get("grant_type") ?? ""));
    const say = (status: number, data: object): void =>
      void response
        .writeHead(status, { "Access-Control-Allow-Origin": "*", "Content-Type": "application/json" })
        .end(JSON.stringify(data));
    if (pathname === "/oauth2/revoke") return say(200, {});
    const begun = this.codes.get(body.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    const good =
      body.get("client_id") === CLIENT &&
      (body.get("grant_type") === "refresh_token"
        ? this.refresh.delete(body.get("refresh_token") ?? "")
        : begun?.get("code_challenge") === challenge &&
          begun.get("redirect_uri") === body.get("redirect_uri"));
    if (!good) return say(400, { error: "invalid_grant" });
    this.codes.delete(body.get("code") ?? "");
    const [access_token, refresh_token] = [randomUUID(), randomUUID()];
    this.access.add(access_token);
    this.refresh.add(refresh_token);
    const claims = { iss: "https://issuer.example", aud: CLIENT, nonce: begun?.get("nonce") };
    const id_token = `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;
    say(200, { access_token, refresh_token, id_token, expires_in: this.lasts });
  }

  /** CloudFront: the built page, with the policy of one machine and the hosts of this place. */
  private async page(response: ServerResponse, { pathname }: URL): Promise<void> {
    const here = (await this.local.request("/")).headers.get("Content-Security-Policy") ?? "";
    const policy = here
      .replace(/connect-src [^;]*/, `$& ${this.signIn} ${this.store}`)
      .replace(/img-src [^;]*/, `$& ${this.store}`);
    if (pathname === "/config.json") {
      const sign_in = {
        issuer: "https://issuer.example",
        address: this.signIn,
        client_id: CLIENT,
        scope: SCOPE,
      };
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ sign_in }));
      return;
    }
    const file = join(PAGE, extname(pathname) ? pathname : "index.html");
    if (!existsSync(file)) return void response.writeHead(404).end();
    const headers = { "Content-Type": TYPES[extname(file)] ?? "", "Content-Security-Policy": policy };
    response.writeHead(200, headers).end(readFileSync(file));
  }

  /** API Gateway and the API: with a token the local server answers, links leading to the store. */
  private async call(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    if (!this.access.has(token)) {
      response.writeHead(401, { "Content-Type": "application/json" }).end('{"message":"Unauthorized"}');
      return;
    }
    const headers: Record<string, string> = {};
    for (const name of ["Content-Type", "If-Match", "Idempotency-Key"]) {
      const value = request.headers[name.toLowerCase()];
      if (typeof value === "string") headers[name] = value;
    }
    const method = request.method ?? "GET";
    const body = method === "GET" ? undefined : new Uint8Array(await bodyOf(request));
    const answer = await this.local.request(url.pathname + url.search, { method, headers, body });
    const type = answer.headers.get("Content-Type") ?? "";
    const disposition = answer.headers.get("Content-Disposition");
    const text = type.includes("json")
      ? this.adapted(url.pathname, await answer.text())
      : await answer.text();
    response.writeHead(answer.status, {
      "Content-Type": type,
      ...(disposition && { "Content-Disposition": disposition }),
    });
    response.end(text);
  }

  private adapted(path: string, text: string): string {
    if (text === "") return text;
    const data = JSON.parse(text, (_, value) =>
      typeof value === "string" && /^\/api\/v1\/.*\/(preview|renditions|source)\b/.test(value)
        ? this.store + value
        : value,
    );
    if (path === "/api/v1/about") data.caller = { name: this.name, roles: this.roles };
    for (const ticket of (data as Partial<UploadFolder>).files ?? []) {
      if (ticket.method !== "PUT") continue;
      ticket.fields = { key: ticket.path, "Content-Type": ticket.content_type, address: ticket.url };
      Object.assign(ticket, { method: "POST", url: `${this.store}/`, headers: {} });
    }
    return JSON.stringify(data);
  }

  /** S3: takes forms of the site's page, and gives pictures to whoever has a link. */
  private async keep(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const cors = request.headers.origin === this.site ? { "Access-Control-Allow-Origin": this.site } : {};
    if (request.method === "OPTIONS") {
      return void response.writeHead(200, { ...cors, "Access-Control-Allow-Methods": "POST" }).end();
    }
    if (request.method === "POST") {
      const type = request.headers["content-type"] ?? "";
      const form = await new Response(new Uint8Array(await bodyOf(request)), {
        headers: { "Content-Type": type },
      }).formData();
      const kind = String(form.get("Content-Type"));
      this.sent.push({ path: String(form.get("key")), type: kind });
      const taken = await this.local.request(String(form.get("address")), {
        method: "PUT",
        headers: { "Content-Type": kind },
        body: form.get("file") as Blob,
      });
      return void response.writeHead(taken.ok ? 204 : 403, cors).end();
    }
    const picture = await this.local.request(url.pathname + url.search);
    const headers = { ...cors, "Content-Type": picture.headers.get("Content-Type") ?? "" };
    response.writeHead(picture.status, headers).end(Buffer.from(await picture.arrayBuffer()));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
