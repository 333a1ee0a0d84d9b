import { type FormEvent, useState } from "react";
import { REJECTIONS } from "../lib/words";
import { Dialog } from "../ui/Dialog";

interface Props {
  onReject: (reason: string, notes: string) => void;
  onClose: () => void;
}

/** A rejection needs a reason; the usual ones are one press away. */
export function RejectDialog({ onReject, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [notes, setNotes] = useState("");
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim()) onReject(reason.trim(), notes.trim());
  };
  return (
    <Dialog title="Reject" onClose={onClose}>
      <form className="stack" onSubmit={send}>
        <div className="chips">
          {REJECTIONS.map((words) => (
            <button
              type="button"
              className="chip"
              key={words}
              aria-pressed={reason === words}
              onClick={() => setReason(words)}
            >
              {words}
            </button>
          ))}
        </div>
        <label className="field">
          <span>Reason</span>
          <input
            className="input"
            value={reason}
            maxLength={2000}
            required
            data-first
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <label className="field">
          <span>Notes (for whoever takes the next photo)</span>
          <textarea
            className="input"
            rows={3}
            value={notes}
            maxLength={2000}
            onChange={(event) => setNotes(event.target.value)}
          />
        </label>
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={!reason.trim()}>
            Reject
          </button>
        </div>
      </form>
    </Dialog>
  );
}
