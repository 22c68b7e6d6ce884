"""What cannot be written, in words for the person who asked for it."""

from __future__ import annotations


class ExportError(Exception):
    """The file cannot be made of this study; the message says why and what to do."""
