import type { ReactNode } from "react";
import type { ImageDetail, ReasonWord } from "../api/schema";
import { plain, score } from "../lib/format";
import type { Focus } from "../lib/marks";
import { stateOf } from "../lib/words";
import { Badge } from "../ui/Badge";
import { Facts } from "./Facts";
import { History } from "./History";
import { Parts } from "./Parts";
import { Rules } from "./Rules";
import "./inspect.css";

interface Props {
  image: ImageDetail;
  reasons: readonly ReasonWord[];
  focus: Focus | null;
  onFocus: (focus: Focus | null) => void;
  /** What can be done, right below the verdict. */
  children?: ReactNode;
}

/** Everything that is known of an image, beside its picture. */
export function Inspector({ image, reasons, focus, onFocus, children }: Props) {
  const state = stateOf(image);
  return (
    <aside className="inspector" aria-label="About this image">
      <section>
        <div className="verdict">
          {image.score_after !== null && (
            <p className="big">
              {score(image.score_after)}
              <span className="soft small"> of 100, was {score(image.score_before)}</span>
            </p>
          )}
          <Badge state={state} />
        </div>
        {image.error && (
          <p className="notice is-failed">
            <span>
              {image.error.message} <code>{image.error.code}</code>
            </span>
          </p>
        )}
        {image.review_reasons.length > 0 && (
          <ul className="reasons">
            {image.review_reasons.map((code) => {
              const words = reasons.find((one) => one.reason === code);
              return (
                <li key={code}>
                  <b>{words?.title ?? plain(code)}</b>
                  {words && <span className="soft"> {words.sentence}</span>}
                </li>
              );
            })}
          </ul>
        )}
        {children}
      </section>
      {Object.keys(image.score_parts).length > 0 && (
        <Parts after={image.score_parts} before={image.score_parts_before} focus={focus} onFocus={onFocus} />
      )}
      {image.compliance.length > 0 && <Rules rules={image.compliance} focus={focus} onFocus={onFocus} />}
      <Facts image={image} />
      <History image={image} />
    </aside>
  );
}
