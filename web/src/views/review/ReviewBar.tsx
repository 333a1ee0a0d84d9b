import { useMay } from "../../api/may";
import { currentSession } from "../../auth/current";
import { reviewer } from "../../decide/reviewer";
import { plural } from "../../lib/format";
import { href } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/states";

interface Props {
  left: number;
  more: boolean;
  decided: number;
  name: string;
  onUndo: () => void;
  onBulk: () => void;
  onHelp: () => void;
}

/** How much is left, and who decides. */
export function ReviewBar({ left, more, decided, name, onUndo, onBulk, onHelp }: Props) {
  const who = reviewer.use();
  const reviews = useMay("reviewer");
  return (
    <div className="strip">
      <h1 tabIndex={-1}>
        <span className={name ? "wide" : ""}>Review </span>
        <span className="soft">{name}</span>
      </h1>
      <span className="soft small" role="status">
        {left}
        {more && "+"} left{decided > 0 && `, ${decided} done`}
      </span>
      <div className="push row">
        {currentSession() === null && (
          <label className="who wide">
            <span className="soft small">Reviewing as</span>
            <input
              className="input"
              value={who}
              maxLength={100}
              placeholder="your name"
              autoComplete="name"
              onChange={(event) => reviewer.set(event.target.value)}
            />
          </label>
        )}
        {decided > 0 && (
          <button type="button" className="button" onClick={onUndo} title="Take the last decision back (U)">
            <Icon name="undo" /> Undo
          </button>
        )}
        {reviews && (
          <button type="button" className="button" disabled={left === 0} onClick={onBulk}>
            Approve many
          </button>
        )}
        <button type="button" className="button plain keys" onClick={onHelp} aria-label="Keys">
          <Icon name="help" />
        </button>
      </div>
    </div>
  );
}

export function AllDone({ decided, batchId }: { decided: number; batchId: string | undefined }) {
  return (
    <Empty icon="check" title="Nothing waits for you">
      <p>
        {decided > 0
          ? `You decided on ${plural(decided, "image")}. What you approved lies in the catalogue.`
          : "What is good was approved by itself. Doubtful pictures will appear here, each with its reason."}
      </p>
      <a className="button" href={href(batchId ? ["batches", batchId] : [])}>
        {batchId ? "To the batch" : "All batches"}
      </a>
    </Empty>
  );
}
