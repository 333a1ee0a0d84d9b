"""The self-contained HTML page and the tables made of finished records."""

from packshot.report.page import render, stream
from packshot.report.selection import select
from packshot.report.thumbnails import pictures_from

__all__ = ["pictures_from", "render", "select", "stream"]
