"""What an instrument promises, in a form that tests write down: codes, ways out, domains, texts that fit."""

from __future__ import annotations

from datetime import date

from forms.definition import SMS, Definition, Question, RosterEntry
from forms.expressions import Expression, Scope
from forms.interview import Interview
from forms.question_types import find_type
from forms.rows import find_question, join
from forms.sms.prompts import AIM, build_prompt
from forms.sms.segments import GSM_7, count_segments
from forms.values import Value

TODAY = date(2026, 3, 2)


def list_codes(definition: Definition, id_: str) -> list[int | str]:
    """Give the codes of a question's choices, in their order."""
    return [choice.value for choice in definition.questions[id_].choices]


def list_labels(definition: Definition, id_: str) -> str:
    """Give a question's choices in English: `1 Yes, 2 No`."""
    return ", ".join(f"{choice.value} {choice.label.in_('en')}" for choice in definition.questions[id_].choices)


def list_ids(definition: Definition, section_id: str) -> str:
    """Give the ids of a section's questions, in their order."""
    section = definition.find_section(section_id)
    assert section is not None
    return " ".join(question.id for question in section.questions)


def list_domains(definition: Definition) -> dict[str, str]:
    """Give domain -> the ids of the questions that are scored in it."""
    scored = {id_: question.score for id_, question in definition.questions.items() if question.score}
    return {
        domain: " ".join(id_ for id_, rule in scored.items() if rule.domain == domain)
        for domain in dict.fromkeys(rule.domain for rule in scored.values())
    }


def list_where(definition: Definition, **settings: object) -> str:
    """Give the ids of the questions that have these attributes, in their order."""
    return " ".join(
        id_
        for id_, question in definition.questions.items()
        if all(getattr(question, name) == value for name, value in settings.items())
    )


def list_texted(definition: Definition) -> list[Question]:
    """Give the questions that are texted."""
    return [q for q in definition.questions.values() if SMS in q.channels and find_type(q.type).asks]


def list_unfit(definition: Definition) -> list[str]:
    """Give the texts that leave GSM-7 or are longer than we aim for; consent may fill its segment.

    Parameters are as long as they may be, and the name of an organisation has 24 letters.
    """
    parameters = {one.id: "x" * one.max_length for one in definition.parameters}
    roster = (RosterEntry(id="1", name="x" * 24),)
    interview = Interview(definition, {}, TODAY, parameters=parameters, roster=roster)
    found = []
    for question in list_texted(definition):
        section = definition.repeated.get(question.id)
        asked = find_question(definition, join(section.id, "1", question.id)) if section else question
        for language in definition.languages:
            text = build_prompt(interview, asked, language, counter=False)
            cost = count_segments(text)
            if cost.encoding != GSM_7 or cost.units > (160 if question.type == "consent" else AIM):
                found.append(text)
    return found


def is_asked(definition: Definition, id_: str, **answers: Value) -> bool:
    """Whether a question is asked of somebody who gave these answers; in a repeat, in the same row."""
    show_if = definition.questions[id_].show_if
    return show_if is None or show_if.holds(Scope(answers, TODAY))


def is_taken(definition: Definition, id_: str, answer: Value, **answers: Value) -> bool:
    """Whether an answer keeps the rule of its question beside these answers; in a repeat, in the same row."""
    constraint = definition.questions[id_].constraint
    return constraint is None or constraint.holds(Scope(answers, TODAY, answer))


def work_out(definition: Definition, *ids: str, **answers: Value) -> Value:
    """Give the last of these calculations, each worked out from the answers and from those before it."""
    seen: dict[str, Value] = dict(answers)
    for id_ in ids:
        calculation = definition.questions[id_].settings["calculation"]
        assert isinstance(calculation, Expression)
        if is_asked(definition, id_, **seen):
            seen[id_] = calculation.result(Scope(seen, TODAY))
    return seen.get(ids[-1])
