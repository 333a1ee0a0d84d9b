import { percent, type Size } from "../lib/zoom";
import { Segments } from "../ui/Segments";
import { usePixelRatio } from "./measure";
import type { Scene } from "./scene";
import type { StageState } from "./useStage";

interface Props {
  stage: StageState;
  picture: Size;
  scene: Scene;
}

/** How the pictures are laid out, against what, on which ground, and how large. */
export function Toolbar({ stage, scene }: Props) {
  const ratio = usePixelRatio();
  const compares = scene.after !== null && scene.other !== null;
  return (
    <div className="toolbar">
      {compares && (
        <Segments
          label="Layout"
          value={stage.layout}
          options={[
            ["slider", "Slider"],
            ["side", "Side by side"],
            ["blink", "Blink"],
          ]}
          onChange={stage.setLayout}
        />
      )}
      {compares && scene.hasReference && (
        <Segments
          label="Against"
          value={stage.against}
          options={[
            ["photo", "Photo"],
            ["reference", "Reference"],
          ]}
          onChange={stage.setAgainst}
        />
      )}
      {scene.transparent && (
        <Segments
          label="Ground"
          value={stage.ground}
          options={[
            ["white", "White"],
            ["grey", "Grey"],
            ["checker", "Checker"],
          ]}
          onChange={stage.setGround}
        />
      )}
      <Segments
        label="Zoom"
        value={stage.view ? "full" : "fit"}
        options={[
          ["fit", "Fit"],
          ["full", stage.view ? `${percent(stage.view, ratio)} %` : "100 %"],
        ]}
        onChange={(wanted) => {
          if ((wanted === "full") !== (stage.view !== null)) stage.toggleZoom();
        }}
      />
    </div>
  );
}
