"""A finding, and the way from a part of a definition back to its place in the JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from forms.definition import Choice, Definition, Question, Text
from forms.loading.reading import step

WARNING = "warning"
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing: `level` is `warning` (somebody will be harmed or pay) or `note`."""

    level: str
    path: str
    message: str
    suggestion: str = ""

    def sentence(self, file: str = "") -> str:
        """Give the finding as one line: file, path, level, sentence, suggestion."""
        where = f"{file}: {self.path}" if file else self.path
        return f"{where}: {self.level}: {self.message}" + (f" {self.suggestion}" if self.suggestion else "")


def walk_questions(definition: Definition) -> Iterator[tuple[str, Question]]:
    """Give every question with its path."""
    for place, section in enumerate(definition.sections):
        for number, question in enumerate(section.questions):
            yield f"$.sections[{place}].questions[{number}]", question


def walk_choices(definition: Definition) -> Iterator[tuple[str, str, tuple[Choice, ...]]]:
    """Give every choice list once: its path, the id of the first question that uses it, and its choices."""
    raw = json.loads(definition.source or "{}")
    seen: set[str] = set()
    for place, section in enumerate(definition.sections):
        for number, question in enumerate(section.questions):
            if not question.choices:
                continue
            path = f"$.sections[{place}].questions[{number}].choices"
            written = raw["sections"][place]["questions"][number]["choices"] if raw else None
            if isinstance(written, str):
                path = f"$.choice_lists.{written}"
            if path not in seen:
                seen.add(path)
                yield path, question.id, question.choices


def walk_texts(definition: Definition) -> Iterator[tuple[str, Text]]:
    """Give every text that people may read, with its path, in the order of the file."""
    yield from _named("$", title=definition.title, introduction=definition.introduction, closing=definition.closing)
    for parameter in definition.parameters:
        yield f"$.parameters.{parameter.id}.label", parameter.label
    for path, _, choices in walk_choices(definition):
        for place, choice in enumerate(choices):
            yield f"{path}[{place}].label", choice.label
    for place, section in enumerate(definition.sections):
        yield from _named(f"$.sections[{place}]", title=section.title)
    for path, question in walk_questions(definition):
        message = question.constraint_message
        yield from _named(path, label=question.label, hint=question.hint, constraint_message=message)
        yield from _named(f"{path}.sms", label=question.sms.label)
        for code, label in question.sms.choices.items():
            yield step(f"{path}.sms.choices", str(code)), label
        for key, value in question.settings.items():
            if isinstance(value, Text):
                yield f"{path}.{key}", value
    for place, domain in enumerate(definition.scorecard.domains if definition.scorecard else ()):
        yield f"$.scorecard.domains[{place}].label", domain.label


def _named(path: str, **texts: Text | None) -> Iterator[tuple[str, Text]]:
    for key, text in texts.items():
        if text is not None:
            yield f"{path}.{key}", text
