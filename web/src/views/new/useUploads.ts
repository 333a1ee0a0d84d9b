import { useEffect, useState, useSyncExternalStore } from "react";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { UploadTicket } from "../../api/schema";
import { browserTransport, type Folder } from "../../api/transport";
import { isTextOrNull, stored } from "../../lib/store";
import { UploadQueue } from "../../lib/uploadQueue";

/** The folder that is being filled: after a break, or a closed window, it is gone on with. */
const draft = stored<string | null>("draft", null, isTextOrNull);
const draftName = stored<string | null>("draftName", null, isTextOrNull);

/** What fills it. It outlives the view: people look at something else while files are on their way. */
let filling: UploadQueue<File> | null = null;
/** Queues that hold all that their folder does. */
const restored = new WeakSet<UploadQueue<File>>();

function fill(): UploadQueue<File> {
  if (filling === null) {
    filling = new UploadQueue<File>(browserTransport(folder));
    filling.subscribe(guard);
  }
  return filling;
}

/** Whoever closes the window while files are on their way is asked, whichever view is looked at. */
function guard(): void {
  const busy = filling?.snapshot().some((one) => one.state === "waiting" || one.state === "sending");
  if (busy) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

window.addEventListener("online", () => filling?.resume());

export function useUploads() {
  const folderId = draft.use();
  const name = draftName.use() ?? "";
  const [queue, setQueue] = useState(fill);
  const [restoring, setRestoring] = useState(folderId !== null && !restored.has(queue));
  const [error, setError] = useState<unknown>(null);
  const uploads = useSyncExternalStore(queue.subscribe, queue.snapshot);

  useEffect(() => {
    const known = draft.get();
    if (known === null) restored.add(queue);
    if (known === null || restored.has(queue)) return;
    let gone = false;
    filesOf(known)
      .then((tickets) => {
        if (gone) return;
        restored.add(queue);
        queue.restore(tickets);
      })
      .catch((problem) => {
        // Another server, or the folder was cleared away: there is nothing to go on with.
        if (asProblem(problem).status === 404) draft.set(null);
        else setError(problem);
      })
      .finally(() => setRestoring(false));
    return () => {
      gone = true;
    };
  }, [queue]);

  const startOver = (): void => {
    draft.set(null);
    draftName.set(null);
    setError(null);
    queue.stop();
    filling = null;
    guard();
    setQueue(fill);
  };
  return { queue, uploads, folderId, name, setName: draftName.set, restoring, error, startOver };
}

const folder: Folder = {
  get: draft.get,
  name: () => (draftName.get() ?? "").trim(),
  set(folderId, name) {
    if (draft.get() !== folderId) draft.set(folderId);
    draftName.set(name);
  },
};

async function filesOf(folder_id: string): Promise<UploadTicket[]> {
  const found: UploadTicket[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.GET("/api/v1/uploads/{folder_id}", {
      params: { path: { folder_id }, query: { cursor, limit: 200 } },
    });
    found.push(...page.files);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
