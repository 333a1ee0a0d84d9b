import type { RuleView } from "../api/schema";
import { plain } from "../lib/format";
import type { Focus } from "../lib/marks";
import { limitWords, measuredWords } from "../lib/rules";
import { Icon } from "../ui/Icon";

interface Props {
  rules: readonly RuleView[];
  focus: Focus | null;
  onFocus: (focus: Focus | null) => void;
}

/** The marketplace's rules, those that fail first; a press draws one on the picture. */
export function Rules({ rules, focus, onFocus }: Props) {
  const sorted = [...rules].sort((one, other) => rank(one) - rank(other));
  return (
    <section>
      <h2>Compliance</h2>
      <ul className="rules">
        {sorted.map((rule) => {
          const here = focus?.kind === "rule" && focus.name === rule.rule;
          return (
            <li key={rule.rule} className={rule.passed ? "is-ready" : tone(rule)}>
              <button
                type="button"
                aria-pressed={here}
                onClick={() => onFocus(here ? null : { kind: "rule", name: rule.rule })}
              >
                <Icon
                  name={rule.passed ? "check" : "cross"}
                  label={rule.passed ? "holds" : rule.level === "required" ? "fails" : "is advised"}
                />
                <span>
                  {plain(rule.rule.split(".").slice(1).join(" ") || rule.rule)}
                  {rule.level === "advised" && <span className="soft"> advised</span>}
                </span>
                <span className="number soft">
                  {measuredWords(rule)} · {limitWords(rule)}
                </span>
              </button>
              {(!rule.passed || here) && (
                <p className="small soft">
                  {!rule.passed && `${rule.fix} `}
                  {here && (
                    <>
                      From {rule.source}, as of {rule.dated}.
                    </>
                  )}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function rank(rule: RuleView): number {
  return (rule.passed ? 2 : 0) + (rule.level === "required" ? 0 : 1);
}

function tone(rule: RuleView): string {
  return rule.level === "required" ? "is-failed" : "is-review";
}
