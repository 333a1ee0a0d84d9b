/** Pictures on the stage, each laid where it belongs on the canvas. */
import { type ReactNode, useState } from "react";
import { cssMatrix, type Matrix } from "../lib/geometry";
import { cssOf, type Size } from "../lib/zoom";
import type { Place } from "./Pane";
import type { Ground } from "./useStage";

interface SheetProps {
  place: Place;
  picture: Size;
  ground?: Ground;
  children: ReactNode;
}

/** The canvas itself: everything on it moves and grows with it. */
export function Sheet({ place, picture, ground, children }: SheetProps) {
  return (
    <div
      className={ground ? `sheet on-${ground}` : "sheet"}
      style={{
        width: picture.width,
        height: picture.height,
        transform: cssOf(place.view, place.pane),
        imageRendering: place.view.scale * window.devicePixelRatio >= 2 ? "pixelated" : "auto",
      }}
    >
      {children}
    </div>
  );
}

interface FinishedProps {
  src: string;
  /** A small one, shown until the large one has come. */
  small: string | null;
  alt: string;
}

/** A finished picture; it fills the canvas, whatever size its file has. */
export function Finished({ src, small, alt }: FinishedProps) {
  const [state, setState] = useState<"coming" | "there" | "failed">("coming");
  return (
    <>
      {state === "coming" && small && (
        <img className="whole" src={small} crossOrigin="anonymous" alt="" draggable={false} />
      )}
      <img
        className={state === "coming" ? "whole coming" : "whole"}
        src={src}
        crossOrigin="anonymous"
        alt={alt}
        draggable={false}
        onLoad={() => setState("there")}
        onError={() => setState("failed")}
      />
      {state === "failed" && <p className="lost">This picture can't be loaded.</p>}
    </>
  );
}

interface PhotoProps {
  src: string;
  small: string | null;
  alt: string;
  /** Size of the upright photo; its preview may be smaller. */
  size: Size;
  /** Upright photo to canvas; null to show the photo as it is. */
  transform: Matrix | null;
}

const AS_IT_IS: Matrix = [1, 0, 0, 0, 1, 0];

/** The photo, turned and scaled as it was for the finished picture, so that both lie on one another. */
export function Photo(props: PhotoProps) {
  const [there, setThere] = useState<string | null>(null);
  return (
    <>
      {there !== props.src && props.small && <Laid {...props} src={props.small} alt="" />}
      <Laid {...props} onThere={setThere} />
    </>
  );
}

interface LaidProps extends PhotoProps {
  onThere?: (src: string) => void;
}

function Laid({ src, alt, size, transform, onThere }: LaidProps) {
  const [width, setWidth] = useState<{ src: string; px: number } | null>(null);
  const shrink = width?.src === src ? size.width / width.px : null;
  return (
    <img
      src={src}
      crossOrigin="anonymous"
      alt={alt}
      draggable={false}
      className={shrink === null ? "photo coming" : "photo"}
      style={shrink === null ? undefined : { transform: cssMatrix(transform ?? AS_IT_IS, shrink) }}
      onLoad={(event) => {
        setWidth({ src, px: event.currentTarget.naturalWidth });
        onThere?.(src);
      }}
    />
  );
}
