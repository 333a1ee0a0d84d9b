import { useState } from "react";
import { isManifest } from "../../lib/files";
import { bytes, plural } from "../../lib/format";
import type { Tally, Upload, UploadQueue } from "../../lib/uploadQueue";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toasts";
import { Thumb } from "./Thumb";

interface Props {
  queue: UploadQueue<File>;
  uploads: readonly Upload<File>[];
  sum: Tally;
  reference: string | null;
  onReference: (source: string | null) => void;
}

const FIRST = 300;

/** What was dropped: how far each file is, and which one the others are aligned to. */
export function Thumbs({ queue, uploads, sum, reference, onReference }: Props) {
  const [all, setAll] = useState(false);
  if (uploads.length === 0) return null;
  const shown = all ? uploads : uploads.slice(0, FIRST);
  return (
    <div className="stack">
      <Sum sum={sum} queue={queue} uploads={uploads} />
      {sum.done > 1 && <Hint reference={reference} />}
      <ul className="thumbs">
        {shown.map((upload) => (
          <Tile
            key={upload.path}
            upload={upload}
            chosen={reference !== null && reference === upload.ticket?.source}
            onReference={onReference}
            onRemove={() => {
              if (reference === upload.ticket?.source) onReference(null);
              queue.remove(upload.path).catch((error: Error) => toast(error.message));
            }}
          />
        ))}
      </ul>
      {shown.length < uploads.length && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          Show all {uploads.length}
        </button>
      )}
    </div>
  );
}

function Hint({ reference }: { reference: string | null }) {
  return (
    <p className="small soft">
      {reference === null
        ? "Click a photo to make it the reference: the others are aligned to it. Without one, each is placed as the preset asks."
        : "The photo with the mark is the reference. Click it again to go without one."}
    </p>
  );
}

function Sum({ sum, queue, uploads }: Pick<Props, "sum" | "queue" | "uploads">) {
  const part = sum.bytes > 0 ? (100 * sum.sent) / sum.bytes : 0;
  const again = uploads.some((one) => one.state === "unfinished" && one.source !== null);
  return (
    <>
      <div className="uploadsum">
        {sum.done < sum.files && (
          <div
            className="meter"
            role="progressbar"
            aria-label="Files sent"
            aria-valuenow={Math.round(part)}
            aria-valuemin={0}
            aria-valuemax={100}
          >
            <i style={{ width: `${part}%` }} />
          </div>
        )}
        <p className="small" role="status">
          {sum.done} of {plural(sum.files, "file")} sent, {bytes(sum.sent)} of {bytes(sum.bytes)}
        </p>
      </div>
      {sum.unfinished > 0 && (
        <div className="notice is-review">
          <p>
            {plural(sum.unfinished, "file is", "files are")} unfinished.{" "}
            {again
              ? "The connection broke; what has arrived stays."
              : "They were begun in an earlier visit: drop the same files or folder again, and only what is missing is sent."}
          </p>
          {again && (
            <button type="button" className="button" onClick={() => queue.resume()}>
              Send again
            </button>
          )}
        </div>
      )}
    </>
  );
}

interface TileProps {
  upload: Upload<File>;
  chosen: boolean;
  onReference: (source: string | null) => void;
  onRemove: () => void;
}

function Tile({ upload, chosen, onReference, onRemove }: TileProps) {
  const { path, state, ticket, problem } = upload;
  const photo = !isManifest(upload.type) && state !== "refused";
  const name = path.split("/").pop() ?? path;
  const part = upload.bytes > 0 ? Math.round((100 * upload.sent) / upload.bytes) : 0;
  const face = photo ? <Thumb upload={upload} /> : <Icon name={state === "refused" ? "cross" : "file"} />;
  return (
    <li className={`tile ${state}${chosen ? " chosen" : ""}`}>
      {photo && state === "done" && ticket ? (
        <button
          type="button"
          className="face"
          aria-pressed={chosen}
          aria-label={`${path}: make it the reference`}
          onClick={() => onReference(chosen ? null : ticket.source)}
        >
          {face}
          {chosen && <span className="mark">Reference</span>}
        </button>
      ) : (
        <div className="face">{face}</div>
      )}
      {(state === "sending" || state === "waiting") && (
        <div
          className="meter"
          role="progressbar"
          aria-label={name}
          aria-valuenow={part}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${part}%` }} />
        </div>
      )}
      <p className="tilename" title={path}>
        {name}
      </p>
      {problem && <p className="tileproblem">{problem.message}</p>}
      {state === "unfinished" && !problem && <p className="tileproblem">unfinished</p>}
      <button type="button" className="remove" aria-label={`Take ${path} out`} onClick={onRemove}>
        <Icon name="cross" />
      </button>
    </li>
  );
}
