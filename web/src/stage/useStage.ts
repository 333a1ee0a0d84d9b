import { useState } from "react";
import { stored } from "../lib/store";
import type { View } from "../lib/zoom";

export const LAYOUTS = ["slider", "side", "blink"] as const;
export const GROUNDS = ["white", "grey", "checker"] as const;
export type Layout = (typeof LAYOUTS)[number];
export type Ground = (typeof GROUNDS)[number];
export type Against = "photo" | "reference";

const among =
  <Value extends string>(values: readonly Value[]) =>
  (value: unknown): value is Value =>
    values.includes(value as Value);

const layout = stored<Layout>("layout", "slider", among(LAYOUTS));
const ground = stored<Ground>("ground", "white", among(GROUNDS));

/** What a layout begins with. */
function usual(shown: Layout): Against {
  return shown === "blink" ? "reference" : "photo";
}

export interface StageState {
  /** null: the whole picture. */
  view: View | null;
  setView: (view: View | null) => void;
  layout: Layout;
  setLayout: (layout: Layout) => void;
  ground: Ground;
  setGround: (ground: Ground) => void;
  against: Against;
  setAgainst: (against: Against) => void;
  /** Asks the stage to change between the whole picture and 100 %. */
  zooms: number;
  toggleZoom: () => void;
}

/** How pictures are looked at: it stays as it is from one image to the next. */
export function useStage(): StageState {
  const [view, setView] = useState<View | null>(null);
  const [against, setAgainst] = useState<Against>(() => usual(layout.get()));
  const [zooms, setZooms] = useState(0);
  return {
    view,
    setView,
    layout: layout.use(),
    setLayout: (next) => {
      layout.set(next);
      setAgainst(usual(next));
    },
    ground: ground.use(),
    setGround: ground.set,
    against,
    setAgainst,
    zooms,
    toggleZoom: () => setZooms(zooms + 1),
  };
}
