import type { About, Mode, PresetView } from "../../api/schema";
import { MODES } from "../../lib/words";
import { ModePicture } from "./ModePicture";
import { PresetPicture } from "./PresetPicture";

export interface SettingsValue {
  /** null: the server's default. */
  preset: string | null;
  mode: Mode;
  /** Empty: as the preset says. */
  background: string;
  kb: string;
}

interface Props {
  about: About;
  presets: readonly PresetView[];
  value: SettingsValue;
  onChange: (value: SettingsValue) => void;
}

/** What finished pictures look like, each choice with a picture of what it does. */
export function Settings({ about, presets, value, onChange }: Props) {
  return (
    <div className="stack">
      <fieldset>
        <legend className="legend">Preset: where the pictures go</legend>
        <div className="options">
          {presets.map((preset) => (
            <label className="option" key={preset.name}>
              <input
                type="radio"
                name="preset"
                checked={value.preset === preset.name}
                onChange={() => onChange({ ...value, preset: preset.name })}
              />
              <PresetPicture preset={preset} />
              <b>{preset.title.split(":")[0]}</b>
              <span className="soft small">{summary(preset)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="legend">Mode: what is enhanced on the product</legend>
        <div className="options">
          {about.modes.map((mode) => (
            <label className="option" key={mode}>
              <input
                type="radio"
                name="mode"
                checked={value.mode === mode}
                onChange={() => onChange({ ...value, mode })}
              />
              <ModePicture mode={mode} />
              <b>{MODES[mode].title}</b>
              <span className="soft small">{MODES[mode].words}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <details>
        <summary>More settings</summary>
        <div className="row more">
          <label className="field">
            <span>Background</span>
            <select
              className="input"
              value={value.background.startsWith("#") ? "#" : value.background}
              onChange={(event) =>
                onChange({
                  ...value,
                  background: event.target.value === "#" ? "#f4f4f4" : event.target.value,
                })
              }
            >
              <option value="">As the preset says</option>
              <option value="white">White</option>
              <option value="transparent">Transparent</option>
              <option value="keep">The photo's own</option>
              <option value="#">A colour…</option>
            </select>
          </label>
          {value.background.startsWith("#") && (
            <label className="field">
              <span>Colour</span>
              <input
                className="input narrow"
                type="color"
                value={value.background}
                onChange={(event) => onChange({ ...value, background: event.target.value })}
              />
            </label>
          )}
          <label className="field">
            <span>Largest main picture, kB</span>
            <input
              className="input"
              type="number"
              min={1}
              max={100_000}
              value={value.kb}
              placeholder="as the preset says"
              onChange={(event) => onChange({ ...value, kb: event.target.value })}
            />
          </label>
        </div>
      </details>
    </div>
  );
}

function summary({ canvas, renditions, rules, never_enlarge }: PresetView): string {
  const words = [`${canvas.width} × ${canvas.height}`];
  words.push(renditions.length === 1 ? "one file" : `${renditions.length} files`);
  if (rules.length > 0) words.push(`${rules.length} rules checked`);
  if (never_enlarge) words.push("never enlarged");
  return words.join(", ");
}
