/** What is seen of an image: the finished picture, and the photo or the reference beside it. */
import type { ImageDetail, PresetView } from "../api/schema";
import type { Matrix } from "../lib/geometry";
import { subjectOf } from "../lib/marks";
import { Finished, Photo, Sheet } from "./layers";
import type { Place } from "./Pane";
import type { StageState } from "./useStage";

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

/** Null where there is nothing to see yet. */
export function sceneOf(image: ImageDetail, preset: PresetView | undefined, stage: StageState): Scene | null {
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
