"""The free text beside a choice that asks for it; it belongs to its question and stands in no definition by itself."""

from __future__ import annotations

from forms.question_types.text import FreeText

LONGEST_SPECIFICATION = 200


class Specification(FreeText):
    """Words beside a choice, never asked apart: they come along with the choice, or stay empty."""

    name = "specification"
    asks = False
    accompanies = True
