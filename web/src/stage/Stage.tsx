import { useEffect, useState } from "react";
import type { ImageDetail, PresetView } from "../api/schema";
import type { Matrix } from "../lib/geometry";
import { type Focus, marksOf, subjectOf } from "../lib/marks";
import { Empty } from "../ui/states";
import { Divider } from "./Divider";
import { Finished, Photo, Sheet } from "./layers";
import { Marks } from "./Marks";
import { Pane, type Place } from "./Pane";
import { Toolbar } from "./Toolbar";
import type { StageState } from "./useStage";
import "./stage.css";

interface Props {
  image: ImageDetail;
  preset: PresetView | undefined;
  stage: StageState;
  focus: Focus | null;
}

const BLINK_MS = 700;

/** The workbench: the finished picture against its photo or its reference. */
export function Stage({ image, preset, stage, focus }: Props) {
  const [divider, setDivider] = useState(0.5);
  const scene = sceneOf(image, preset, stage);
  const other = useBlink(stage.layout === "blink" && scene?.other !== null);
  if (scene === null) return <Empty icon="photos" title="There is no picture of this image" />;
  const { picture, after, other: otherLayer, otherName } = scene;
  const marks = focus && scene.subject ? marksOf(focus, scene.subject, image.compliance, preset) : [];
  const pane = { picture, view: stage.view, onView: stage.setView, zooms: stage.zooms };
  const drawn = (place: Place) =>
    marks.length > 0 && <Marks marks={marks} picture={picture} place={place} src={image.links.after} />;
  const single = after === null || otherLayer === null;
  return (
    <section className="stage" aria-label="Pictures">
      <Toolbar stage={stage} picture={picture} scene={scene} />
      {single && (
        <div className="panes">
          <Pane {...pane} label={after ? "Finished picture" : otherName}>
            {(place) => (
              <>
                {after?.(place) ?? otherLayer?.(place)}
                {drawn(place)}
              </>
            )}
          </Pane>
        </div>
      )}
      {!single && stage.layout === "side" && (
        <div className="panes two">
          <Pane {...pane} label={otherName} caption={otherName}>
            {otherLayer}
          </Pane>
          <Pane {...pane} zooms={0} label="Finished picture" caption="Finished">
            {(place) => (
              <>
                {after(place)}
                {drawn(place)}
              </>
            )}
          </Pane>
        </div>
      )}
      {!single && stage.layout === "slider" && (
        <div className="panes">
          <Pane {...pane} label={`${otherName} and finished picture`}>
            {(place) => (
              <>
                {after(place)}
                <div className="over" style={{ clipPath: `inset(0 ${100 - divider * 100}% 0 0)` }}>
                  <span className="underlay" />
                  {otherLayer(place)}
                </div>
                {drawn(place)}
                <span className="caption">{otherName}</span>
                <span className="caption right">Finished</span>
                <Divider at={divider} onMove={setDivider} />
              </>
            )}
          </Pane>
        </div>
      )}
      {!single && stage.layout === "blink" && (
        <div className="panes">
          <Pane
            {...pane}
            label={`Finished picture and ${otherName}, in turn`}
            caption={other ? otherName : "Finished"}
          >
            {(place) => (
              <>
                {after(place)}
                <div className="over" style={{ visibility: other ? "visible" : "hidden" }}>
                  <span className="underlay" />
                  {otherLayer(place)}
                </div>
                {drawn(place)}
              </>
            )}
          </Pane>
        </div>
      )}
    </section>
  );
}

export interface Scene {
  picture: { width: number; height: number };
  subject: ReturnType<typeof subjectOf>;
  after: ((place: Place) => React.ReactNode) | null;
  other: ((place: Place) => React.ReactNode) | null;
  otherName: string;
  hasReference: boolean;
  /** There is a file with alpha, so the ground can be chosen. */
  transparent: boolean;
}

function sceneOf(image: ImageDetail, preset: PresetView | undefined, stage: StageState): Scene | null {
  const { links } = image;
  const subject = image.status === "completed" ? subjectOf(image, preset) : null;
  const size = image.source_size && { width: image.source_size[0], height: image.source_size[1] };
  const picture = subject?.canvas ?? size;
  if (!picture) return null;
  const cutout = image.renditions.find((file) =>
    preset?.renditions.some((one) => one.name === file.name && one.transparent && !one.pixels),
  );
  const finished = (stage.ground !== "white" && cutout?.link) || links.after;
  const after =
    subject && finished
      ? (place: Place) => (
          <Sheet place={place} picture={picture} ground={stage.ground}>
            <Finished key={finished} src={finished} small={links.after_small} alt="Finished picture" />
          </Sheet>
        )
      : null;
  const hasReference = links.reference !== null && image.alignment?.method !== "reference";
  const useReference = stage.against === "reference" && hasReference && links.reference !== null;
  const transform = subject && image.alignment ? (image.alignment.transform as Matrix) : null;
  const photo =
    links.before && size
      ? (place: Place) => (
          <Sheet place={place} picture={picture}>
            <Photo
              src={links.before ?? ""}
              small={links.before_small}
              alt="The photo as it was taken"
              size={size}
              transform={transform}
            />
          </Sheet>
        )
      : null;
  const reference = (place: Place) => (
    <Sheet place={place} picture={picture} ground="white">
      <Finished src={links.reference ?? ""} small={null} alt="The reference" />
    </Sheet>
  );
  if (after === null && photo === null) return null;
  return {
    picture,
    subject,
    after,
    other: useReference ? reference : photo,
    otherName: useReference ? "Reference" : "Photo",
    hasReference,
    transparent: cutout !== undefined,
  };
}

/** True and false in turn; stands still for people who asked for less motion. */
function useBlink(on: boolean): boolean {
  const [other, setOther] = useState(false);
  useEffect(() => {
    if (!on) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const timer = setInterval(() => setOther((was) => !was), still ? 3000 : BLINK_MS);
    return () => clearInterval(timer);
  }, [on]);
  return on && other;
}
