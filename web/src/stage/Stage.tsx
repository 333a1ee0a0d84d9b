import { useEffect, useState } from "react";
import type { ImageDetail, PresetView } from "../api/schema";
import { type Focus, marksOf } from "../lib/marks";
import { Empty } from "../ui/states";
import { Divider } from "./Divider";
import { Marks } from "./Marks";
import { Pane, type Place } from "./Pane";
import { sceneOf } from "./scene";
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
