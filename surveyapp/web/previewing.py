"""A definition as respondents see it, all sections on one page, with nothing behind it: no round, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from forms.definition import WEB, Definition, Question, Repeat, Section
from forms.interview import Interview
from forms.question_types import find_type
from forms.rows import build_row
from forms.sampling import answer_all, begin_sample
from forms.wording import words
from surveyapp.web.answering_pages import find_direction
from surveyapp.web.drawing import Drawings


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One question as it is drawn, and the condition under which it is asked at all."""

    html: Markup
    condition: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section: its title, its condition, and its questions."""

    id: str
    title: str
    condition: str
    items: tuple[ShownItem, ...]
    repeat: Repeat | None = None


def draw_preview(
    environment: Environment,
    definition: Definition,
    language: str,
    today: date,
    *,
    parameters: Mapping[str, str] | None = None,
    **frame: Any,
) -> str:
    """Draw every section that the web asks, conditions shown and not applied; texts are filled with sample answers.

    `parameters`: what is filled in; what is not given is its label in brackets. `frame`: what the template is told
    besides (`languages`: addresses by language; `back`: the page before).
    """
    sample = answer_all(begin_sample(definition, today, language, parameters), WEB, language)
    interview = replace(sample, definition=_drop_conditions(definition))
    drawings = Drawings(environment)
    introduction = definition.introduction
    closing = definition.closing
    return environment.get_template("answering/preview.html").render(
        language=language,
        direction=find_direction(language),
        skip=words(language).gettext("Skip to the questions"),
        definition=definition,
        survey=interview.say(definition.title.in_(language), language),
        introduction=interview.say(introduction.in_(language), language) if introduction else "",
        closing=interview.say(closing.in_(language), language) if closing else "",
        sections=tuple(_list_sections(definition, interview, drawings, language)),
        **frame,
    )


def draw_file(definition: Definition, language: str, today: date, parameters: Mapping[str, str] | None = None) -> str:
    """Draw the preview as one file that needs no other: what the pages link to stands in it."""
    environment = _make_environment()
    return draw_preview(environment, definition, language, today, parameters=parameters)


def _make_environment() -> Environment:
    from base64 import b64encode
    from pathlib import Path

    from jinja2 import PackageLoader

    environment = Environment(loader=PackageLoader("surveyapp"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    folder = Path(__file__).parents[1] / "static"
    kinds = {".css": "text/css", ".svg": "image/svg+xml"}

    def inline(name: str) -> str:
        path = folder / name
        return f"data:{kinds[path.suffix]};base64,{b64encode(path.read_bytes()).decode()}"

    give: Callable[[str], str] = inline
    environment.globals["static_url"] = give
    return environment


def _list_sections(
    definition: Definition, interview: Interview, drawings: Drawings, language: str
) -> Iterator[ShownSection]:
    title = definition.title
    for section, open_ in zip(definition.sections, interview.definition.sections, strict=True):
        part = open_ if open_.repeat is None else build_row(open_, "1")
        items = tuple(_list_items(section, part, interview, drawings, language))
        if items:
            said = interview.say((section.title or title).in_(language), language)
            condition = section.show_if.text if section.show_if else ""
            yield ShownSection(section.id, said, condition, items, section.repeat)


def _list_items(
    section: Section, open_: Section, interview: Interview, drawings: Drawings, language: str
) -> Iterator[ShownItem]:
    for question, shown in zip(section.questions, open_.questions, strict=True):
        if WEB in question.channels and (find_type(question.type).asks or question.type == "note"):
            html = drawings.draw("preview", interview, shown, language)
            condition = question.show_if.text if question.show_if else ""
            yield ShownItem(Markup(html), condition)  # noqa: S704  # drawings escape what they are given


def _drop_conditions(definition: Definition) -> Definition:
    """Give the definition with everything asked and every choice open."""

    def opened(question: Question) -> Question:
        choices = tuple(replace(choice, show_if=None) for choice in question.choices)
        return replace(question, show_if=None, choices=choices)

    sections = tuple(
        replace(section, show_if=None, questions=tuple(map(opened, section.questions)))
        for section in definition.sections
    )
    return replace(definition, sections=sections)
