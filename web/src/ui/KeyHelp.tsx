import { type KeyBinding, printed } from "../lib/keys";
import { Dialog } from "./Dialog";
import "./keyhelp.css";

interface Props {
  bindings: readonly KeyBinding<string>[];
  onClose: () => void;
}

/** The keys of a view, from the very table that answers them. */
export function KeyHelp({ bindings, onClose }: Props) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keyhelp">
        {bindings.map(({ action, keys, words }) => (
          <div key={action}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{printed(key)}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <div className="actions">
        <button type="button" className="button main" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
