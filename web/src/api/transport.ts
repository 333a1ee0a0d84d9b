/** How files are announced and sent from a browser. */
import type { Transport } from "../lib/uploadQueue";
import { api } from "./client";
import { unreachable } from "./problem";
import type { UploadTicket } from "./schema";
import { uploadProblem } from "./storeProblem";

/** `folder` says which folder to add to, and is told which one it became. */
export interface Folder {
  get(): string | null;
  name(): string;
  set(folderId: string, name: string): void;
}

export function browserTransport(folder: Folder): Transport<File> {
  return {
    async announce(files, signal) {
      const known = folder.get();
      const where = known ? { folder_id: known } : { name: folder.name() || undefined };
      const made = await api.POST("/api/v1/uploads", { body: { ...where, files }, signal });
      signal.throwIfAborted(); // the folder was given up meanwhile
      folder.set(made.folder_id, made.name);
      return made.files;
    },
    send,
    async forget(ticket) {
      const folder_id = ticket.upload_id.split(".", 1)[0] ?? "";
      const path = { folder_id: folder.get() ?? folder_id, upload_id: ticket.upload_id };
      await api.DELETE("/api/v1/uploads/{folder_id}/files/{upload_id}", { params: { path } });
    },
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/** fetch tells no progress of what it sends; XMLHttpRequest does. */
function send(
  ticket: UploadTicket,
  file: File,
  progress: (sent: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(ticket.method, ticket.url);
    let body: File | FormData = file;
    if (ticket.method === "POST") {
      body = new FormData();
      for (const [name, value] of Object.entries(ticket.fields ?? {})) body.append(name, value);
      body.append("file", file);
    } else {
      for (const [name, value] of Object.entries(ticket.headers)) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onerror = () => reject(unreachable());
    request.ontimeout = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("", "AbortError"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(uploadProblem(request.status, request.responseText));
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}
