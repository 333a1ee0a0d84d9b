"""Measurements as commands: ratios from interleaved runs, each with a quality gate beside it."""
