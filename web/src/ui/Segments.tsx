interface Props<Value extends string> {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}

/** A few choices side by side, of which one holds. */
export function Segments<Value extends string>({ label, value, options, onChange }: Props<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out as one row in all browsers
    <div className="segments" role="group" aria-label={label}>
      {options.map(([option, words]) => (
        <button type="button" key={option} aria-pressed={option === value} onClick={() => onChange(option)}>
          {words}
        </button>
      ))}
    </div>
  );
}
