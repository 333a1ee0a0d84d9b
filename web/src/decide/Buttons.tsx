import { useMay } from "../api/may";
import type { ImageDetail } from "../api/schema";
import { Icon } from "../ui/Icon";

interface Props {
  image: ImageDetail;
  busy: boolean;
  onApprove: () => void;
  onReject: () => void;
  onUndo: () => void;
  onCorrect: () => void;
}

/** The decisions that an image's state allows, for whoever may take them. */
export function Buttons({ image, busy, onApprove, onReject, onUndo, onCorrect }: Props) {
  const reviews = useMay("reviewer");
  const operates = useMay("operator");
  if (image.superseded_by) {
    return (
      <p className="soft small">Something newer has taken its place, so it can't be decided on any more.</p>
    );
  }
  if (!reviews) return <p className="soft small">You may look; reviewers decide.</p>;
  const finished = image.status === "completed";
  const decided = image.qc_status === "approved" || image.qc_status === "rejected";
  return (
    <div className="decisions">
      {finished && image.qc_status !== "approved" && image.qc_status !== "auto_approved" && (
        <button type="button" className="button main" disabled={busy} onClick={onApprove}>
          <Icon name="check" /> Approve <kbd>A</kbd>
        </button>
      )}
      {finished && image.qc_status !== "rejected" && (
        <button type="button" className="button" disabled={busy} onClick={onReject}>
          <Icon name="cross" /> Reject <kbd>R</kbd>
        </button>
      )}
      {finished && decided && (
        <button type="button" className="button" disabled={busy} onClick={onUndo}>
          <Icon name="undo" /> Undo <kbd>U</kbd>
        </button>
      )}
      {operates && image.source !== "" && (
        <button type="button" className="button" disabled={busy} onClick={onCorrect}>
          <Icon name="wrench" /> Correct <kbd>C</kbd>
        </button>
      )}
    </div>
  );
}
