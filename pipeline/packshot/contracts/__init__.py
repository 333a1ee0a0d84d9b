"""The shapes that travel: manifest rows, presets, stage inputs and outputs, records, events."""
