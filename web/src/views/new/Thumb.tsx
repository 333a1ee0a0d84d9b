import { useEffect, useRef, useState } from "react";
import { api } from "../../api/client";
import type { Upload } from "../../lib/uploadQueue";
import { Picture } from "../../ui/Picture";

const SIDE = 320;
/** Large photos take memory while they are decoded: two at a time. */
let free = 2;
const waiting: (() => void)[] = [];

async function turn<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free -= 1;
  try {
    return await act();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}

/** A small picture of a file: drawn from the file itself, or by the server where the browser can't read it. */
export function Thumb({ upload }: { upload: Upload<File> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [readable, setReadable] = useState(upload.source !== null);
  const seen = useSeen(canvas);
  const { source } = upload;
  useEffect(() => {
    if (!seen || !source || !canvas.current) return;
    const target = canvas.current;
    turn(() => draw(source, target)).catch(() => setReadable(false));
  }, [seen, source]);
  if (!readable) return <FromServer upload={upload} />;
  return <canvas ref={canvas} className="thumb" width={SIDE} height={SIDE} />;
}

async function draw(file: File, canvas: HTMLCanvasElement): Promise<void> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (context) context.imageSmoothingQuality = "high";
  context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}

function useSeen(element: React.RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: "200px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return seen;
}

/** A preview exists as soon as the file has arrived; announcing it again tells where. */
function FromServer({ upload }: { upload: Upload<File> }) {
  const [link, setLink] = useState(upload.ticket?.preview ?? null);
  const { path, type, bytes, state, ticket } = upload;
  useEffect(() => {
    if (state !== "done" || link !== null || !ticket) return;
    const folder_id = ticket.upload_id.split(".", 1)[0];
    const files = [{ path, content_type: type, bytes }];
    api
      .POST("/api/v1/uploads", { body: { folder_id, files } })
      .then((folder) => setLink(folder.files[0]?.preview ?? null))
      .catch(() => undefined); // it stays without a picture
  }, [state, link, ticket, path, type, bytes]);
  return <Picture src={link} alt="" />;
}
