"""Pure functions on arrays: no paths, no environment, no network."""
