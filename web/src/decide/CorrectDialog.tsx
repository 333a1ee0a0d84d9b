import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { rework } from "../api/actions";
import { ended, imagesQuery, jobQuery } from "../api/queries";
import type { ImageDetail, ImageSummary, Mode, ReworkRequest } from "../api/schema";
import { fileName } from "../lib/format";
import type { Box } from "../lib/geometry";
import { MODES } from "../lib/words";
import { Dialog } from "../ui/Dialog";
import { Fault } from "../ui/states";
import { BoxEditor } from "./BoxEditor";
import "./correct.css";

interface Props {
  image: ImageDetail;
  onDone: () => void;
  onClose: () => void;
}

const UNCHANGED = "\u0000unchanged";

/** Says by hand what was seen wrongly (box, turn, reference, mode), and has the image made again. */
export function CorrectDialog({ image, onDone, onClose }: Props) {
  const frame = image.source_size && { width: image.source_size[0], height: image.source_size[1] };
  const found = (image.overrides.box ?? image.product?.box ?? middleOf(frame)) as Box;
  const turned = image.overrides.angle_deg ?? image.product?.angle_deg ?? 0;
  const [box, setBox] = useState<Box>(found);
  const [angle, setAngle] = useState(Math.round(turned * 10) / 10);
  const [reference, setReference] = useState(UNCHANGED);
  const [mode, setMode] = useState<Mode | "">("");
  const start = useMutation({ mutationFn: (body: ReworkRequest) => rework(image, body) });
  const { data: job, error } = useQuery(jobQuery(start.data?.job_id ?? null));
  const finished = job !== undefined && ended(job) && !job.error;
  useEffect(() => {
    if (finished) onDone();
  }, [finished, onDone]);
  const body: ReworkRequest = {
    ...(String(box) !== String(found) && { box }),
    ...(Math.abs(angle - turned) >= 0.05 && { angle_deg: angle }),
    ...(reference !== UNCHANGED && { reference }),
    ...(mode !== "" && { mode }),
  };
  const nothing = Object.keys(body).length === 0;
  const busy = start.isPending || (start.data !== undefined && !error && !(job && ended(job)));
  return (
    <Dialog title="Correct and make again" onClose={onClose}>
      <div className="stack">
        {image.links.before && frame ? (
          <BoxEditor src={image.links.before} frame={frame} box={box} angle={angle} onBox={setBox} />
        ) : (
          <p className="soft">The photo can't be shown, so its box can't be drawn.</p>
        )}
        <label className="field">
          <span>
            Turn of the product in the photo: <b>{angle.toFixed(1)}°</b>
          </span>
          <input
            type="range"
            min={-180}
            max={180}
            step={0.5}
            value={angle}
            onChange={(event) => setAngle(Number(event.target.value))}
          />
        </label>
        <div className="row">
          <References image={image} value={reference} onChange={setReference} />
          <label className="field">
            <span>Mode</span>
            <select
              className="input"
              value={mode}
              onChange={(event) => setMode(event.target.value as Mode | "")}
            >
              <option value="">As it is{image.mode ? ` (${MODES[image.mode].title})` : ""}</option>
              {(Object.keys(MODES) as Mode[]).map((one) => (
                <option key={one} value={one}>
                  {MODES[one].title}
                </option>
              ))}
            </select>
          </label>
        </div>
        {(start.error ?? error) && <Fault error={start.error ?? error} />}
        {job?.error && (
          <div className="notice is-failed" role="alert">
            <p>{job.error.message}</p>
          </div>
        )}
        {busy && (
          <p className="soft" role="status">
            The image is being made again…
          </p>
        )}
      </div>
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button main"
          disabled={nothing || busy}
          onClick={() => start.mutate(body)}
        >
          Make it again
        </button>
      </div>
    </Dialog>
  );
}

function middleOf(frame: { width: number; height: number } | null): Box {
  if (!frame) return [0, 0, 1, 1];
  return [frame.width * 0.15, frame.height * 0.15, frame.width * 0.7, frame.height * 0.7].map(
    Math.round,
  ) as Box;
}

/** Photos of a group that are offered; a page of a filtered list may be short, so pages have a bound of their own. */
const ENOUGH = 300;

interface ReferencesProps {
  image: ImageDetail;
  value: string;
  onChange: (source: string) => void;
}

/** Other photos of the same product group that this one can be aligned to. */
function References({ image, value, onChange }: ReferencesProps) {
  const { product_group_id } = image;
  const query = useInfiniteQuery(imagesQuery(image.batch_id, { status: "completed", product_group_id }));
  const { data, error, hasNextPage, isFetching, fetchNextPage } = query;
  const found = data?.pages.flatMap((page) => page.items) ?? [];
  const few = found.length < ENOUGH && (data?.pages.length ?? 0) < ENOUGH / 10;
  // What was refused is not asked for again: those that are known are offered.
  const wanted = few && hasNextPage && !isFetching && !error;
  useEffect(() => {
    if (wanted) void fetchNextPage();
  }, [wanted, fetchNextPage]);
  const others = found
    .filter((one) => one.image_id !== image.image_id)
    .sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  return (
    <label className="field">
      <span>Reference</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value={UNCHANGED}>As it is ({image.reference ? fileName(image.reference) : "none"})</option>
        {image.reference !== null && <option value="">None: the preset's pose</option>}
        {others.map((one) => (
          <option key={one.image_id} value={one.source}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function nameOf({ sku_id, image_type }: ImageSummary): string {
  return `${sku_id} ${image_type}`;
}
