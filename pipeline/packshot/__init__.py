"""Packshot turns batches of raw product photos into uniform, marketplace-ready catalogues."""

__version__ = "0.1.0"
