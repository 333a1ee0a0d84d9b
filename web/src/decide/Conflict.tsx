import type { ImageDetail } from "../api/schema";
import { ago } from "../lib/format";
import { stateOf } from "../lib/words";

interface Props {
  image: ImageDetail;
  onClose: () => void;
}

/** Somebody else has changed the image since it was shown: who, what, and when. Nothing was overwritten. */
export function Conflict({ image, onClose }: Props) {
  const last = image.history.at(-1);
  return (
    <div className="notice is-review" role="alert">
      <p>
        <b>{last ? last.reviewer : "Somebody"}</b> was faster: the image is now{" "}
        <b>{stateOf(image).words.toLowerCase()}</b>
        {last && (
          <>
            {" "}
            ({ago(last.at)}
            {last.reason && `: ${last.reason}`})
          </>
        )}
        . Your decision was not taken; what you see now is the present state.
      </p>
      <button type="button" className="button" onClick={onClose}>
        All right
      </button>
    </div>
  );
}
