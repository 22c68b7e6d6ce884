"""Draft -> definition: what the loader refuses is taken out of the draft, piece by piece, and said."""

from __future__ import annotations

import json
import re
from typing import Any

from forms.definition import Definition
from forms.errors import DefinitionError, Fault
from forms.loading import load_definition
from forms.piping import REFERENCE
from forms.xlsform.cells import EXACT_COLUMNS
from forms.xlsform.drafting import Draft
from forms.xlsform.questions import Piece

MOST_ROUNDS = 40
_STEP = re.compile(r'\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]', re.ASCII)
_TEXTS = ("label", "hint", "title", "constraint_message")
_DROPPED = (*EXACT_COLUMNS, "constraint_message", "score", "sms", "hint", "min", "max", "max_length", "unit")
_WORD_THAT_IS_TEXTED = "is a word that people text"
Json = dict[str, Any]


def settle(draft: Draft) -> tuple[str, Definition]:
    """Give the definition and its JSON; raises `DefinitionError` where nothing that can be used is left."""
    faults: tuple[Fault, ...] = ()
    for _ in range(MOST_ROUNDS):
        if not draft.definition["sections"]:
            told = [Fault(one.where, one.message, one.done) for one in draft.remarks.all]
            raise DefinitionError([Fault("survey", "No question of this form can be asked here."), *told])
        text = json.dumps(draft.definition, ensure_ascii=False, indent=2) + "\n"
        try:
            return text, load_definition(text)
        except DefinitionError as error:
            faults = error.faults
        if not _mend(draft, faults):
            break
    raise DefinitionError(faults)


def _mend(draft: Draft, faults: tuple[Fault, ...]) -> bool:
    """Take out what the faults speak of, the last first so that places stay right; say whether anything changed."""
    changed = False
    done: set[str] = set()
    for fault in sorted(faults, key=lambda one: _find_steps(one.path), reverse=True):
        if fault.path in done:
            continue
        done.add(fault.path)
        changed |= _take_out(draft, fault)
    sections = draft.definition["sections"]
    draft.definition["sections"] = [section for section in sections if section["questions"]]
    _drop_unused_lists(draft)
    return changed


def _take_out(draft: Draft, fault: Fault) -> bool:
    keys = _find_steps(fault.path)
    steps = [key for _, key in keys]
    if steps[:1] == ["choice_lists"]:
        return _mend_list(draft, fault, steps)
    if steps[:1] != ["sections"] or len(steps) < 2:
        return False
    section = draft.definition["sections"][steps[1]]
    if len(steps) < 4 or steps[2] != "questions":
        return _mend_piece(draft, fault, section, steps[2:])
    question = section["questions"][steps[3]]
    if _mend_piece(draft, fault, question, steps[4:]):
        return True
    section["questions"] = [one for one in section["questions"] if one is not question]
    _say(draft, fault, question, "type", "The question was left out.")
    return True


def _mend_piece(draft: Draft, fault: Fault, piece: Json, steps: list[Any]) -> bool:
    """Take out what can be missed of a section or question."""
    key = steps[0] if steps else ""
    if key == "choices" and len(steps) > 2 and isinstance(piece["choices"], list):
        return _mend_choice(draft, fault, piece, piece["choices"][steps[1]], steps[2])
    if key in _TEXTS and "${" in fault.message:
        _bracket(piece, key, fault)
        _say(draft, fault, piece, "label" if key == "title" else key, "The name stands in brackets: reword it.")
        return True
    if key in _DROPPED and key in piece and key != "calculation":
        del piece[key]
        column = EXACT_COLUMNS.get(key, key)
        _say(draft, fault, piece, column, "It was left out.")
        if key == "constraint":
            piece.pop("constraint_message", None)
        return True
    return False


def _mend_choice(draft: Draft, fault: Fault, piece: Json, choice: Json, key: str) -> bool:
    if key == "show_if" and key in choice:
        del choice[key]
        _say(draft, fault, piece, "choice_filter", "The choice is offered to everybody.")
        return True
    if key == "label" and _WORD_THAT_IS_TEXTED in fault.message:
        return _keep_from_phones(draft, fault, piece)
    if key == "label" and "${" in fault.message:
        _bracket(choice, key, fault)
        _say(draft, fault, piece, "type", "The name stands in brackets: reword the choice.")
        return True
    return False


def _mend_list(draft: Draft, fault: Fault, steps: list[Any]) -> bool:
    """Mend a named list, or leave out the questions that use it."""
    users = [q for s in draft.definition["sections"] for q in s["questions"] if q.get("choices") == steps[1]]
    if not users:
        return draft.definition["choice_lists"].pop(steps[1], None) is not None
    if len(steps) > 3:
        choice = draft.definition["choice_lists"][steps[1]][steps[2]]
        for user in users if _WORD_THAT_IS_TEXTED in fault.message else users[:1]:
            mended = _mend_choice(draft, fault, user, choice, steps[3])
        if mended:
            return True
    for section in draft.definition["sections"]:
        section["questions"] = [one for one in section["questions"] if one not in users]
    for user in users:
        _say(draft, fault, user, "type", "The question was left out.")
    return True


def _keep_from_phones(draft: Draft, fault: Fault, piece: Json) -> bool:
    if piece.get("channels") == ["web"]:
        return False
    piece["channels"] = ["web"]
    _say(draft, fault, piece, "type", "The question is asked on the web only.")
    return True


def _bracket(holder: Json, key: str, fault: Fault) -> None:
    """Put the names that a fault speaks of into brackets, in every language."""
    wrong = {match[1].strip() for match in REFERENCE.finditer(fault.message)}

    def mend(text: str) -> str:
        return REFERENCE.sub(lambda m: f"[{m[1].strip()}]" if m[1].strip() in wrong else m[0], text)

    text = holder[key]
    holder[key] = {code: mend(said) for code, said in text.items()} if isinstance(text, dict) else mend(text)


def _drop_unused_lists(draft: Draft) -> None:
    lists = draft.definition.get("choice_lists", {})
    if draft.definition["sections"] and not lists:
        draft.definition.pop("choice_lists", None)


def _say(draft: Draft, fault: Fault, piece: Json, column: str, done: str) -> None:
    where = piece.row.where(column) if isinstance(piece, Piece) else "survey"
    said = f"{column}: {fault.message} {fault.suggestion}".rstrip()
    draft.remarks.add(where, said, done)


def _find_steps(path: str) -> list[tuple[bool, Any]]:
    """Give the keys and indices of a JSON path, in an order in which they can be compared."""
    steps: list[tuple[bool, Any]] = []
    for match in _STEP.finditer(path.removeprefix("$")):
        if match[2] is not None:
            steps.append((True, int(match[2])))
        else:
            steps.append((False, match[1] if match[1] is not None else json.loads(match[3])))
    return steps
