/** What a rule or a part of the score speaks of, as shapes to draw on the finished picture. */
import type { ImageDetail, PresetView, RuleView } from "../api/schema";
import { type Box, type Matrix, productBox } from "./geometry";
import { limitWords, measuredWords, percent } from "./rules";
import type { Size } from "./zoom";

export type Mark =
  | { kind: "box"; box: Box; words: string; wanted?: boolean }
  | { kind: "ruler"; along: "x" | "y"; words: string }
  | { kind: "frame"; words: string }
  | { kind: "cross"; x: number; y: number; words: string; wanted?: boolean }
  | { kind: "ground"; around: Box; words: string }
  | { kind: "words"; words: string };

/** What is looked at: a rule's id, or a part of the score. */
export interface Focus {
  kind: "rule" | "part";
  name: string;
}

export interface Subject {
  canvas: Size;
  /** The product's box on the canvas; null where no product was found. */
  product: Box | null;
  fill: number;
  baseline: number | null;
}

/** Width and height of the canvas that `alignment` leads to. */
export function canvasOf(image: ImageDetail, preset: PresetView | undefined): Size | null {
  const told = image.alignment?.canvas;
  if (told) return { width: told[0], height: told[1] };
  const main = image.renditions.find((one) => one.name === "main");
  // An image of an earlier version. Its canvas may have shrunk with the photo: then the file has its size.
  if (preset && !preset.never_enlarge) return { width: preset.canvas.width, height: preset.canvas.height };
  return main ? { width: main.width, height: main.height } : null;
}

export function subjectOf(image: ImageDetail, preset: PresetView | undefined): Subject | null {
  const canvas = canvasOf(image, preset);
  if (canvas === null) return null;
  const { alignment, product: found } = image;
  // Images of an earlier version don't say where the finished product is; where its photo has it comes near.
  const near = alignment && found ? productBox(alignment.transform as Matrix, found.box as Box) : null;
  const product = (alignment?.box as Box | null | undefined) ?? near;
  return { canvas, product, fill: preset?.canvas.fill ?? 0.85, baseline: preset?.canvas.baseline ?? null };
}

export function marksOf(
  focus: Focus,
  subject: Subject,
  rules: readonly RuleView[],
  preset: PresetView | undefined,
): Mark[] {
  if (focus.kind === "part") return marksOfPart(focus.name, subject);
  const rule = rules.find((one) => one.rule === focus.name);
  if (!rule) return [];
  // Images of an earlier version don't say it; their preset does, if it is one of ours.
  const measure = rule.measure ?? preset?.rules.find((one) => one.id === rule.rule)?.measure;
  const words = `${measuredWords(rule)}, ${limitWords(rule)}`;
  switch (measure) {
    case "longest_side_px":
    case "shortest_side_px": {
      const wide = subject.canvas.width >= subject.canvas.height;
      const along = wide === (measure === "longest_side_px") ? "x" : "y";
      return [{ kind: "ruler", along, words }];
    }
    case "megapixels":
    case "aspect_ratio":
      return [
        { kind: "ruler", along: "x", words },
        { kind: "ruler", along: "y", words: "" },
      ];
    case "white_ground":
      return [
        { kind: "ground", around: grown(subject), words: `White on ${measuredWords(rule)} of the ground` },
      ];
    case "fill_long":
      return product(subject, `Fills ${words}`, wantedFill(rule, subject));
    case "fill_area":
      return product(subject, `Fills ${measuredWords(rule)} of the area, ${limitWords(rule)}`);
    case "border":
      return [{ kind: "frame", words: "A border or frame is drawn" }];
    case "enlarged":
      return product(subject, "Enlarged to fill the frame");
    default:
      return [{ kind: "words", words }];
  }
}

function marksOfPart(part: string, subject: Subject): Mark[] {
  const { canvas, product: box } = subject;
  if (part === "fill") return product(subject, "The product");
  if (part === "background")
    return [{ kind: "ground", around: grown(subject), words: "Ground that is not white" }];
  if (part === "centring" && box) {
    const foot = box[1] + box[3];
    const y = subject.baseline === null ? canvas.height / 2 : subject.baseline * canvas.height;
    return [
      {
        kind: "cross",
        x: box[0] + box[2] / 2,
        y: subject.baseline === null ? box[1] + box[3] / 2 : foot,
        words: "Product",
      },
      { kind: "cross", x: canvas.width / 2, y, words: "Wanted", wanted: true },
    ];
  }
  if (part === "resolution" || part === "fidelity")
    return [{ kind: "ruler", along: "x", words: `${canvas.width} px` }];
  return product(subject, "Measured here", null);
}

interface Wanted {
  fill: number;
  words: string;
}

/** The bound that was missed; the preset's own fill where the rule holds. */
function wantedFill({ measured, minimum, maximum }: RuleView, subject: Subject): Wanted {
  const bound =
    minimum !== null && measured < minimum
      ? minimum
      : maximum !== null && measured > maximum
        ? maximum
        : null;
  return bound === null ? presetFill(subject) : { fill: bound, words: `Limit: ${percent(bound)}` };
}

function presetFill({ fill }: Subject): Wanted {
  return { fill, words: `Preset: ${percent(fill)}` };
}

function product(subject: Subject, words: string, wanted: Wanted | null = presetFill(subject)): Mark[] {
  const { canvas, product: box } = subject;
  if (!box) return [{ kind: "words", words }];
  const found: Mark[] = [{ kind: "box", box, words }];
  if (wanted) {
    // As long as it is wanted, in the direction that fills first.
    const { fill } = wanted;
    const size = Math.min((fill * canvas.width) / box[2], (fill * canvas.height) / box[3]);
    const [w, h] = [box[2] * size, box[3] * size];
    const aim: Box = [(canvas.width - w) / 2, (canvas.height - h) / 2, w, h];
    found.push({ kind: "box", box: aim, words: wanted.words, wanted: true });
  }
  return found;
}

/** Within 16 px of the product a JPEG may ring. */
function grown({ product: box, canvas }: Subject): Box {
  if (!box) return [0, 0, canvas.width, canvas.height];
  return [box[0] - 16, box[1] - 16, box[2] + 32, box[3] + 32];
}
