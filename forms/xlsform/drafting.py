"""A workbook -> the draft of a definition: what the loader has still to agree to, and remarks on what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forms.question_types.choosing import LONGEST_NAME, SPECIFICATION_SUFFIX
from forms.xlsform.cells import WORDS, read_value
from forms.xlsform.frame import build_frame, is_ours, list_parameters
from forms.xlsform.lists import ChoiceRows, Lists
from forms.xlsform.naming import Register
from forms.xlsform.outline import Block, Entry, build_outline
from forms.xlsform.questions import Piece, Questions, join
from forms.xlsform.reading import CHOICES, SURVEY
from forms.xlsform.remarks import Remarks, quote
from forms.xlsform.sheets import CONSENT
from forms.xlsform.understanding import Names, Reader
from forms.xlsform.wordings import Languages, Wordings
from forms.xlsform.workbook import Workbook

Json = dict[str, Any]
_IN_COLUMNS = ("select_multiple", "rank")
_ROOM_FOR_A_SUFFIX = len(SPECIFICATION_SUFFIX)


@dataclass(slots=True)
class Draft:
    """The draft as JSON, and what was said while it was made."""

    definition: Json
    remarks: Remarks
    lists: dict[str, Any] = field(default_factory=dict)


def draft_definition(book: Workbook, path: Path, edited: frozenset[str] = frozenset()) -> Draft:
    """Draft the definition of a workbook that pyxform has taken."""
    return _Drafting(book, path, edited).draft()


class _Drafting:
    def __init__(self, book: Workbook, path: Path, edited: frozenset[str]) -> None:
        self.book, self.path = book, path
        self.remarks = Remarks()
        self.parameters = list_parameters(book)
        self.outline = build_outline(book.rows(SURVEY))
        self.languages = Languages(book, self.remarks)
        in_columns = {e.kind.list_name for e in self.outline.entries if e.kind.type in _IN_COLUMNS}
        self.lists = Lists(book.rows(CHOICES), in_columns, self.remarks)
        self.sections = Register()
        self.section_ids = {id(block): self._name_section(block) for block in self.outline.blocks}
        self.names = self._find_names()
        self.wordings = Wordings(self.languages, self.names.ids, self.remarks, keeps=is_ours(book))
        self.questions = Questions(self.wordings, self.lists, Reader(self.names), self.remarks, edited)

    def draft(self) -> Draft:
        frame = build_frame(self.book, self.wordings, self.remarks, self.path)
        sections = [section for block in self.outline.blocks if (section := self._draft_section(block))]
        kept = [one for one in self.lists.lists.values() if self._is_kept(one)]
        drafted = {one.id: self.lists.draft(one, self.wordings) for one in kept}
        frame |= {"choice_lists": drafted | frame.get("choice_lists", {})} if drafted else {}
        frame["sections"] = sections
        return Draft(frame, self.remarks, {one.id: one for one in kept})

    def _is_kept(self, one: ChoiceRows) -> bool:
        """Say whether a list stands among the named ones; of one that nobody uses the reason is told."""
        if one.name in self.questions.used_lists or (is_ours(self.book) and one.id == one.name):
            return True
        if one.name not in self.questions.inline_lists:
            for row in one.rows:
                row.taken.update(row.cells)
            if not (is_ours(self.book) and one.name == CONSENT):
                message = f"No question here uses the list {quote(one.name)}."
                self.remarks.add(one.rows[0].where("list_name"), message, "It was left out.")
        return False

    def _draft_section(self, block: Block) -> Json | None:
        """Give the section of a block, or nothing where no question of it is left."""
        around = {group: self.questions.condition(group.row, "relevant") for group in block.groups}
        questions = [piece for entry in block.entries if (piece := self._draft_question(entry))]
        if not questions:
            return None
        section = Piece(block.groups[-1].row if block.groups else block.entries[0].row, id=self.section_ids[id(block)])
        titled = next((group.row for group in reversed(block.groups) if group.row.peek("label")), None)
        if titled is not None:
            section["title"] = self.wordings.read(titled, "label")
        if condition := join([said for said in around.values() if said]):
            section["show_if"] = condition
        if block.repeat is not None:
            section["repeat"] = self._repeat(block, questions)
        section["questions"] = questions
        return section

    def _repeat(self, block: Block, questions: list[Piece]) -> Json:
        """Give what gives a repeat its rows: our own columns, else a fixed count, else the respondent."""
        assert block.repeat is not None
        row = block.repeat.row
        own = {key: read_value(said) for key in ("over", "min", "max", "label") if (said := row.get(f"repeat_{key}"))}
        if own:
            return own
        repeat: Json = {"over": "entries"}
        count = row.get("repeat_count")
        if count.isdigit() and 0 < int(count) <= 100:
            repeat |= {"min": int(count), "max": int(count)}
        elif count:
            message = f"repeat_count {quote(count)}: the number of rows cannot be worked out."
            self.remarks.add(row.where("repeat_count"), message, "Respondents add as many rows as they need, up to 30.")
        asked = [one["id"] for one in questions if one["type"] == "text"] or [
            one["id"] for one in questions if one["type"] not in ("note", "calculate")
        ]
        return repeat | ({"label": asked[0]} if asked else {})

    def _draft_question(self, entry: Entry) -> Piece | None:
        if entry not in self.kept:
            return None
        inner = [self.questions.condition(group.row, "relevant") for group in entry.inner]
        return self.questions.draft(entry, self.names.ids[entry.name], [said for said in inner if said])

    def _find_names(self) -> Names:
        """Give every row its id, and say which rows have no equivalent."""
        gone = {group.name: "a group, which has no answer" for group in self.outline.groups}
        todays = set()
        kept: list[Entry] = []
        for entry in self.outline.entries:
            if entry.name in self.parameters:
                entry.row.taken.update(entry.row.cells)
            elif entry.kind.type == "today":
                todays.add(entry.name)
                self.remarks.add(entry.row.where("type"), f"`{entry.name}` is the day.", "`today()` stands for it.")
            elif self._is_specification(entry):
                entry.row.taken.update(entry.row.cells)
            elif not entry.kind.type:
                gone[entry.name] = f"which is {entry.kind.reason}"
                message = f"`{entry.name}` is {entry.kind.reason}, which has no equivalent."
                self.remarks.add(entry.row.where("type"), message, "The question was left out.")
                entry.row.taken.update(entry.row.cells)
            else:
                kept.append(entry)
        for entry in self.outline.too_deep:
            gone[entry.name] = "which stands in a repeat inside a repeat"
            message = f"`{entry.name}` stands in a repeat inside a repeat."
            self.remarks.add(entry.row.where("type"), message, "The question was left out: ask it in the outer one.")
            entry.row.taken.update(entry.row.cells)
        self.kept = frozenset(kept)
        ids = self._give_ids(kept)
        ids |= {b.repeat.name: self.section_ids[id(b)] for b in self.outline.blocks if b.repeat is not None}
        codes = {ids[entry.name]: self._codes(entry) for entry in kept}
        return Names(
            ids={name: name for name in self.parameters} | ids,
            codes={id_: changed for id_, changed in codes.items() if changed},
            gone={name: reason for name, reason in gone.items() if name not in ids},
            todays=frozenset(todays),
        )

    def _give_ids(self, kept: list[Entry]) -> dict[str, str]:
        register = Register()
        for name in self.parameters:
            register.give(name)
        for entry in sorted(kept, key=lambda one: len(one.name) > LONGEST_NAME or one.name != one.name.lower()):
            id_ = register.give(entry.name, longest=self._find_room(entry))
            if id_ != entry.name:
                message = f"`{entry.name}` cannot be a name here."
                self.remarks.add(entry.row.where("name"), message, f"It is `{id_}`, in conditions and texts too.")
        return {entry.name: register.given[entry.name] for entry in kept}

    def _find_room(self, entry: Entry) -> int:
        """Give how long an id may be beside what is put behind it in the names of columns."""
        one = self.lists.lists.get(entry.kind.list_name)
        if entry.kind.type in _IN_COLUMNS and one is not None:
            longest = max((len(str(value)) for value in one.values), default=0)
            return LONGEST_NAME - 2 - max(longest, 3)
        return LONGEST_NAME - _ROOM_FOR_A_SUFFIX

    def _codes(self, entry: Entry) -> dict[str, str]:
        one = self.lists.lists.get(entry.kind.list_name)
        return {"OK": "ok"} if entry.kind.type == "acknowledge" else one.codes if one is not None else {}

    def _is_specification(self, entry: Entry) -> bool:
        """Say whether a row is the free text beside a choice that has it already."""
        base = entry.name.removesuffix(SPECIFICATION_SUFFIX)
        if base == entry.name:
            return False
        asked = next((one for one in self.outline.entries if one.name == base), None)
        found = self.lists.lists.get(asked.kind.list_name) if asked else None
        return found is not None and any(WORDS.get(row.peek("specify").lower()) for row in found.rows)

    def _name_section(self, block: Block) -> str:
        own = block.groups[-1].row.get("section") if block.groups else ""
        name, number = own or block.name, 1
        wish = name
        while wish in self.sections.given:
            number += 1
            wish = f"{name} {number}"
        id_ = self.sections.give(wish, "section")
        if block.groups and number == 1 and id_ != name:
            row = block.groups[-1].row
            self.remarks.add(row.where("name"), f"`{name}` cannot be the name of a section.", f"It is `{id_}`.")
        return id_
