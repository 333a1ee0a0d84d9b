import type { HistoryEntry, ImageDetail, OverridesView } from "../api/schema";
import { moment, plain, score } from "../lib/format";
import { qcWords, stateOf } from "../lib/words";

const ACTIONS: Record<HistoryEntry["action"], string> = {
  approve: "approved it",
  reject: "rejected it",
  undo: "took the decision back",
};

/** Who decided what and when, newest first, and earlier revisions. */
export function History({ image }: { image: ImageDetail }) {
  if (image.history.length === 0 && image.revisions.length < 2) return null;
  return (
    <section>
      <h2>History</h2>
      <ol className="history">
        {[...image.history].reverse().map((entry) => (
          <li key={`${entry.at} ${entry.action}`}>
            <p>
              <b>{entry.reviewer}</b> {ACTIONS[entry.action]}{" "}
              <span className="soft">
                ({qcWords(entry.before)} → {qcWords(entry.after)})
              </span>
              {entry.reason && <>: {entry.reason}</>}
            </p>
            {entry.notes && <p className="soft">{entry.notes}</p>}
            <p className="soft small">
              <time dateTime={entry.at}>{moment(entry.at)}</time>, revision {entry.revision}
            </p>
          </li>
        ))}
        {image.revisions.length > 1 &&
          image.revisions.map((one) => (
            <li key={`revision ${one.revision}`}>
              <p>
                Revision {one.revision}: {stateOf(one).words.toLowerCase()}
                {one.score_after !== null && `, score ${score(one.score_after)}`}
              </p>
              <p className="soft small">
                {moment(one.updated_at)}
                {byHand(one.overrides)}
              </p>
            </li>
          ))}
      </ol>
    </section>
  );
}

function byHand(overrides: OverridesView): string {
  const set = Object.entries(overrides).filter(([, value]) => value !== null);
  return set.length === 0 ? "" : `, by hand: ${set.map(([name]) => plain(name).toLowerCase()).join(", ")}`;
}
