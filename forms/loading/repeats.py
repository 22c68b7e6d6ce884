"""Repeated sections: what gives the rows, what names them, and what can be asked once for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from forms.definition import ROSTER, SMS, WEB, Definition, Repeat
from forms.loading.reading import Reader, describe, shorten
from forms.loading.schemas import RepeatShape

if TYPE_CHECKING:
    from forms.loading.questionnaire import Placed


_UNKNOWN = ""
"""Stands for a label that could not be read: nothing more is said of it."""


def read_repeat(reader: Reader, raw: Any, path: str) -> Repeat:
    """Read what makes a section repeat; the question that names its rows is checked by `check_repeats`."""
    read = reader.read(RepeatShape(), raw, path)
    label = read.pop("label", None)
    if label is not None and not isinstance(label, str):
        reader.fault(f"{path}.label", f"This must be an id in quotes, not {describe(label)}.")
        label = _UNKNOWN
    repeat = Repeat(**{"over": "", **read}, label=label)
    if repeat.min > repeat.max:
        message = f"At least {repeat.min} rows are wanted, but at most {repeat.max} are taken."
        reader.fault(f"{path}.max" if "max" in read else f"{path}.min", message, "Lower `min` or raise `max`.")
    return repeat


def read_channels(reader: Reader, repeat: Repeat | None, channels: tuple[str, ...], path: str) -> tuple[str, ...]:
    """Give where a question is asked: rows that respondents add are never texted."""
    if repeat is None or not repeat.adds or SMS not in channels:
        return channels
    if WEB not in channels:
        message = "A section whose rows the respondent adds is never texted, so this would be asked nowhere."
        reader.fault(path, message, 'Add "web", or move the question out of the section.')
    return (WEB,)


def check_repeats(reader: Reader, definition: Definition, placed: Sequence[Placed]) -> None:
    """Note rows without a name, names that stand for two things, and questions that cannot be asked for each row."""
    names = {parameter.id: "parameter" for parameter in definition.parameters}
    names |= {one.question.id: "question" for one in placed}
    for place, section in enumerate(definition.sections):
        if section.repeat is not None:
            path = f"$.sections[{place}]"
            if section.id in names:
                message = (
                    f"`{section.id}` is the id of a {names[section.id]} too, and `${{{section.id}}}` means the row."
                )
                reader.fault(f"{path}.id", message, "Rename one of them.")
            _check_label(reader, section.repeat, [one for one in placed if one.row == place], f"{path}.repeat")
    for one in placed:
        if one.row is not None:
            _check_question(reader, one)


def _check_label(reader: Reader, repeat: Repeat, placed: Sequence[Placed], path: str) -> None:
    if not repeat.adds:
        if repeat.label is not None and repeat.over == ROSTER:
            reader.fault(f"{path}.label", "The roster names its rows itself.", "Leave the key out.")
        return
    if repeat.label == _UNKNOWN:
        return
    askable = [one.question.id for one in placed if one.type is not None and one.type.asks and one.question.id]
    if repeat.label is None:
        hint = f"Name one, such as `{askable[0]}`." if askable else "Add a question that asks for the name."
        reader.fault(f"{path}.label", "`label` is missing: which question names the row?", hint)
    elif repeat.label not in [one.question.id for one in placed]:
        message = f"There is no question `{shorten(repeat.label)}` in this section."
        reader.fault(f"{path}.label", message, reader.suggest(repeat.label, askable, "Name one of its questions."))
    elif repeat.label not in askable:
        reader.fault(f"{path}.label", f"`{repeat.label}` has no answer of its own.", "Name a question that is asked.")


def _check_question(reader: Reader, one: Placed) -> None:
    if one.type is not None and one.type.name == "consent":
        message = "Consent is asked once, not for each row."
        reader.fault(f"{one.path}.type", message, "Move it to a section that is not repeated.")
    if one.question.score is not None:
        message = "A score is one number for each respondent, but this is answered once for each row."
        reader.fault(f"{one.path}.score", message, "Leave the key out; the answers have a table of their own.")
