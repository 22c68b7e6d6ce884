"""Stored answers by column: the JSON of many interviews -> for each question the different ones, and who has which."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from exports.columns import Column
from forms.definition import Definition
from forms.question_types import find_type
from forms.recording import ABSENT
from forms.values import Missing, Stored

if TYPE_CHECKING:
    from numpy import intp
    from numpy.typing import NDArray

_REASON: Final = re.compile(r'\{"missing": (-9\d)\}')
_MARKS: Final = {reason.value - 0.5: {"missing": reason.value} for reason in Missing}
"""What stands for a reason while columns are made, since it can be looked up: no answer is half a number."""


class _Places(dict[Any, int]):
    """Values in the order in which they came -> their places."""

    def __missing__(self, value: Any) -> int:
        place = self[value] = len(self)
        return place


@dataclass(slots=True)
class Encoder:
    """Makes a column of values that come by and by: numbers, texts, lists, reasons and their marks."""

    known: _Places = field(default_factory=_Places)
    places: list[NDArray[intp]] = field(default_factory=list)

    def add(self, values: Sequence[Any]) -> None:
        """Add the values of some more responses."""
        import numpy as np

        try:
            found = np.fromiter(map(self.known.__getitem__, values), dtype=np.intp, count=len(values))
        except TypeError:  # lists, and reasons that are written otherwise than we write them
            found = np.fromiter(map(self.known.__getitem__, map(_flatten, values)), dtype=np.intp, count=len(values))
        self.places.append(found)

    def finish(self) -> Column[Any]:
        """Give the column of all that was added."""
        import numpy as np

        return Column([_restore(value) for value in self.known], np.concatenate(self.places))


class AnswerEncoder:
    """Makes the columns of all questions that people answer; the JSON is what `QuestionType.dump` gives, by id."""

    def __init__(self, definition: Definition) -> None:
        kinds = {id_: find_type(question.type) for id_, question in definition.questions.items()}
        self._encoders = {id_: Encoder() for id_, kind in kinds.items() if kind.asks or kind.accompanies}

    def add(self, texts: Sequence[str]) -> None:
        """Add the answers of some more interviews, each a JSON object."""
        parsed = _parse(texts)
        for id_, encoder in self._encoders.items():
            try:
                values = [one[id_] for one in parsed]  # twice as fast, where everybody answered
            except KeyError:
                values = [one.get(id_, ABSENT) for one in parsed]
            encoder.add(values)

    def finish(self) -> dict[str, Column[Stored]]:
        """Give question id -> what is kept of each, `ABSENT` where nothing is."""
        return {id_: encoder.finish() for id_, encoder in self._encoders.items()}


def _parse(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Read the answers of many at once, with a mark in place of each reason."""
    text = _REASON.sub(lambda found: f"{found[1]}.5", f"[{','.join(texts)}]")
    try:
        parsed: list[dict[str, Any]] = orjson.loads(text)
    except orjson.JSONDecodeError:  # half of a pair of surrogates, which it does not take
        parsed = json.loads(text)
    return parsed


def _flatten(value: Any) -> Any:
    if value.__class__ is list:
        return tuple(value)
    return value["missing"] - 0.5 if value.__class__ is dict else value


def _restore(value: Any) -> Any:
    if value.__class__ is tuple:
        return list(value)
    return _MARKS.get(value, value) if value.__class__ is float else value
