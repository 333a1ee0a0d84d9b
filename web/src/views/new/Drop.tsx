import { useEffect, useRef, useState } from "react";
import type { About } from "../../api/schema";
import { type Chosen, dropped, picked, sift } from "../../lib/files";
import { bytes } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toasts";

interface Props {
  about: About;
  compact: boolean;
  onFiles: (files: Chosen[]) => void;
}

/** Where photos, folders and manifests are dropped, or chosen. The whole window takes them. */
export function Drop({ about, compact, onFiles }: Props) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (found: { path: string; file: File }[]): void => {
    const chosen = sift(found, about);
    if (chosen.length === 0) toast("There is nothing in it that Packshot reads.");
    else onFiles(chosen);
  };
  useWindowDrop(setOver, (transfer) => {
    dropped(transfer)
      .then(take)
      .catch(() => toast("The browser could not read what was dropped."));
  });
  useEffect(() => {
    // React knows no such attribute.
    folder.current?.setAttribute("webkitdirectory", "");
  }, []);
  const chosen = (input: HTMLInputElement | null): void => {
    if (input?.files) take(picked(input.files));
    if (input) input.value = ""; // the same files can be chosen again
  };
  const types = [...about.picture_types, ".csv", ".json", ".jsonl", ".ndjson", ".heic", ".heif"].join(",");
  return (
    <div className={`drop${over ? " over" : ""}${compact ? " compact" : ""}`}>
      <Icon name="photos" />
      <div>
        <p className="lead">Drop photos, folders or a manifest here</p>
        <p className="soft small">
          JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF, BMP up to {bytes(about.max_picture_bytes)}; lists as CSV,
          JSON or JSON Lines. In a folder, sub-folders are product groups, and theirs SKUs.
        </p>
      </div>
      <div className="row">
        <button type="button" className="button main" onClick={() => files.current?.click()}>
          Choose files
        </button>
        <button type="button" className="button" onClick={() => folder.current?.click()}>
          Choose a folder
        </button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept={types}
        aria-label="Files"
        onChange={() => chosen(files.current)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder"
        onChange={() => chosen(folder.current)}
      />
    </div>
  );
}

function useWindowDrop(setOver: (over: boolean) => void, take: (transfer: DataTransfer) => void): void {
  const latest = useRef({ setOver, take });
  useEffect(() => {
    latest.current = { setOver, take };
  });
  useEffect(() => {
    const holdsFiles = (event: globalThis.DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") ?? false;
    const over = (event: globalThis.DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      latest.current.setOver(true);
    };
    const leave = (event: globalThis.DragEvent): void => {
      if (event.relatedTarget === null) latest.current.setOver(false);
    };
    const drop = (event: globalThis.DragEvent): void => {
      if (!event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      latest.current.setOver(false);
      latest.current.take(event.dataTransfer);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
}
