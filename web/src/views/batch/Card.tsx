import type { ImageSummary, ReasonWord } from "../../api/schema";
import { type ImageFilters, queryOf } from "../../lib/filters";
import { fileName, plain, score } from "../../lib/format";
import { href } from "../../lib/router";
import { stateOf } from "../../lib/words";
import { Badge } from "../../ui/Badge";
import { Picture } from "../../ui/Picture";

interface Props {
  image: ImageSummary;
  filters: ImageFilters;
  reasons: readonly ReasonWord[];
}

/** One image in the grid: what it looks like, its score, its state, and why. */
export function Card({ image, filters, reasons }: Props) {
  const state = stateOf(image);
  const name = image.sku_id || `Row ${image.line}`;
  const working = image.status === "processing" || image.status === "pending";
  return (
    <li className={`card is-${state.tone}`}>
      <Picture src={image.links.after_small ?? image.links.before_small} alt="" />
      <div className="text">
        <h3>
          <a href={href(["batches", image.batch_id, "images", image.image_id], queryOf(filters))}>
            {name}
            {image.image_type && <span className="soft"> {image.image_type}</span>}
          </a>
        </h3>
        <Badge state={state} />
        <span className="score" title="Score before and after">
          {image.score_after !== null && (
            <>
              <span className="soft">{score(image.score_before)} →</span> <b>{score(image.score_after)}</b>
            </>
          )}
        </span>
        <p className="why soft">
          {image.error?.message ??
            (working ? fileName(image.source) : why(image, reasons) || fileName(image.source))}
        </p>
      </div>
    </li>
  );
}

/** Of approved images the reasons are history. */
function why(image: ImageSummary, reasons: readonly ReasonWord[]): string {
  if (image.qc_status !== "needs_review") return "";
  return image.review_reasons
    .map((code) => reasons.find((one) => one.reason === code)?.title ?? plain(code))
    .join(", ");
}
