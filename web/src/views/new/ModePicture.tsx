import type { Mode } from "../../api/schema";
import auto from "../../assets/modes/auto.webp";
import denoise from "../../assets/modes/denoise.webp";
import full from "../../assets/modes/full.webp";
import none from "../../assets/modes/none.webp";
import optimize from "../../assets/modes/optimize.webp";
import sharpen from "../../assets/modes/sharpen.webp";
import upscale from "../../assets/modes/upscale.webp";

const PICTURES: Record<Mode, string> = { auto, full, sharpen, denoise, upscale, optimize, none };

/** A piece of one of the example photos, left as it was and right as the mode leaves it. */
export function ModePicture({ mode }: { mode: Mode }) {
  return (
    <span className="modepicture">
      <img
        className="optionpicture"
        src={PICTURES[mode]}
        alt="Left without, right with this mode"
        width="352"
        height="288"
      />
    </span>
  );
}
