"""Draft -> definition: what the loader refuses is taken out of the draft, piece by piece, and said."""

from __future__ import annotations

import json
import re
from typing import Any

from forms.definition import Definition
from forms.errors import DefinitionError, Fault
from forms.loading import load_definition
from forms.piping import REFERENCE
from forms.xlsform.cells import EXACT_COLUMNS, PLAIN_KEYS
from forms.xlsform.drafting import Draft
from forms.xlsform.questions import Piece

MOST_ROUNDS = 40
_STEP = re.compile(r'\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]', re.ASCII)
_TEXTS = ("label", "hint", "title", "constraint_message")
_DROPPED = ("show_if", "constraint", "constraint_message", "hint", "score", "sms", *PLAIN_KEYS)
"""What a question can be asked without; a text that only names what is not there is kept, with the name in brackets."""
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
        if not _Mending(draft).mend(faults):
            break
    raise DefinitionError(faults)


class _Mending:
    """One round: keys are taken out at once, questions at its end, so that places stay right for the other faults."""

    def __init__(self, draft: Draft) -> None:
        self.definition, self.remarks = draft.definition, draft.remarks
        self.gone: set[int] = set()
        self.taken: set[tuple[int, str]] = set()

    def mend(self, faults: tuple[Fault, ...]) -> bool:
        """Take out what the faults speak of; say whether anything changed."""
        changed = [self._take_out(fault) for fault in {fault.path: fault for fault in reversed(faults)}.values()]
        for section in self.definition["sections"]:
            section["questions"] = [one for one in section["questions"] if id(one) not in self.gone]
        self.definition["sections"] = [section for section in self.definition["sections"] if section["questions"]]
        if not self.definition.get("choice_lists", True):
            del self.definition["choice_lists"]
        return any(changed)

    def _take_out(self, fault: Fault) -> bool:
        steps = _find_steps(fault.path)
        if steps[:1] == ["choice_lists"] and len(steps) > 1:
            return self._mend_list(fault, steps[1], steps[2:])
        if steps[:1] != ["sections"] or len(steps) < 2:
            return False
        section = self.definition["sections"][steps[1]]
        if len(steps) > 3 and steps[2] == "questions":
            question = section["questions"][steps[3]]
            return self._mend_piece(fault, question, steps[4:]) or self._leave_out(fault, [question])
        if steps[2:3] == ["repeat"] and section["repeat"].pop(steps[-1], None) is not None:
            return self._say(fault, section, "repeat_count", "It was left out.")
        return self._mend_piece(fault, section, steps[2:]) or self._leave_out(fault, section["questions"])

    def _mend_piece(self, fault: Fault, piece: Json, steps: list[Any]) -> bool:
        """Take out what can be missed of a section or question."""
        key = steps[0] if steps else ""
        if key == "choices" and len(steps) > 2 and isinstance(piece["choices"], list):
            return self._mend_choice(fault, piece, piece["choices"][steps[1]], steps[2])
        if key in _TEXTS and key in piece and _bracket(piece, key, fault):
            column = "label" if key == "title" else key
            return self._say(fault, piece, column, "The name stands in brackets: reword it.")
        key = "min" if key == "max" and "max" not in piece else key  # the two may only not go together
        if key in _DROPPED and key in piece:
            del piece[key]
            self.taken.add((id(piece), key))
            return self._say(fault, piece, EXACT_COLUMNS.get(key, key), "It was left out.")
        return (id(piece), key) in self.taken

    def _mend_choice(self, fault: Fault, piece: Json, choice: Json, key: str) -> bool:
        if key == "show_if" and choice.pop(key, None) is not None:
            return self._say(fault, piece, "choice_filter", "The choice is offered to everybody.")
        if key == "label" and _WORD_THAT_IS_TEXTED in fault.message and piece.get("channels") != ["web"]:
            piece["channels"] = ["web"]
            return self._say(fault, piece, "type", "The question is asked on the web only.")
        if key == "label" and _bracket(choice, key, fault):
            return self._say(fault, piece, "type", "The name stands in brackets: reword the choice.")
        if key in ("exclusive", "specify") and choice.pop(key, None) is not None:
            return self._say(fault, piece, "type", f"`{key}` was left out.")
        return False

    def _mend_list(self, fault: Fault, name: str, steps: list[Any]) -> bool:
        """Mend a named list, or leave out the questions that use it."""
        asked = [question for section in self.definition["sections"] for question in section["questions"]]
        users = [question for question in asked if question.get("choices") == name]
        if not users:
            return self.definition["choice_lists"].pop(name, None) is not None
        if len(steps) > 1:
            choice = self.definition["choice_lists"][name][steps[0]]
            told = users if _WORD_THAT_IS_TEXTED in fault.message else users[:1]
            mended = [self._mend_choice(fault, user, choice, steps[1]) for user in told]
            if any(mended):
                return True
        return self._leave_out(fault, users)

    def _leave_out(self, fault: Fault, questions: list[Json]) -> bool:
        for question in questions:
            if id(question) not in self.gone:
                self.gone.add(id(question))
                self._say(fault, question, "type", "The question was left out.")
        return True

    def _say(self, fault: Fault, piece: Json, column: str, done: str) -> bool:
        where = piece.row.where(column) if isinstance(piece, Piece) else "survey"
        self.remarks.add(where, f"{column}: {fault.message} {fault.suggestion}".rstrip(), done)
        return True


def _bracket(holder: Json, key: str, fault: Fault) -> bool:
    """Put the names that a fault speaks of into brackets, in every language; say whether there were any."""
    wrong = {match[1].strip() for match in REFERENCE.finditer(fault.message)}

    def mend(text: str) -> str:
        return REFERENCE.sub(lambda m: f"[{m[1].strip()}]" if m[1].strip() in wrong else m[0], text)

    text = holder[key]
    holder[key] = {code: mend(said) for code, said in text.items()} if isinstance(text, dict) else mend(text)
    return bool(wrong)


def _find_steps(path: str) -> list[Any]:
    """Give the keys and indices of a JSON path."""
    steps: list[Any] = []
    for match in _STEP.finditer(path.removeprefix("$")):
        if match[2] is not None:
            steps.append(int(match[2]))
        else:
            steps.append(match[1] if match[1] is not None else json.loads(match[3]))
    return steps
