"""Words: missing translations, labels too long, labels that nobody can tell apart, references lost in translation."""

from __future__ import annotations

from collections.abc import Iterator

from forms.checks.finding import NOTE, WARNING, Finding, walk_choices, walk_questions, walk_texts
from forms.definition import Definition
from forms.expressions import Expression
from forms.piping import find_references

LONGEST_LABEL = 256
LONGEST_CHOICE = 120
"""What SPSS keeps of the label of a variable and of a value; longer ones are cut in its files."""


def check(definition: Definition) -> Iterator[Finding]:
    """Look at every text."""
    yield from _check_translations(definition)
    yield from _check_lengths(definition)
    yield from _check_choices(definition)
    yield from _check_parameters(definition)


def _check_translations(definition: Definition) -> Iterator[Finding]:
    default = definition.default_language
    for path, text in walk_texts(definition):
        missing = [code for code in definition.languages if code not in text.by_language]
        if missing and any(map(str.isalpha, text.by_language[default])):
            names = ", ".join(f"`{code}` ({definition.languages[code]})" for code in missing)
            message = f"There is no translation into {names}; `{default}` is shown instead."
            yield Finding(WARNING, path, message, "Add it.")
        wanted = set(find_references(text.by_language[default]))
        for code, said in text.by_language.items():
            if set(find_references(said)) != wanted:
                odd = ", ".join(sorted(f"${{{name}}}" for name in wanted ^ set(find_references(said))))
                message = f"The `{code}` text and the `{default}` text do not refer to the same: {odd}."
                yield Finding(WARNING, f"{path}.{code}", message)


def _check_lengths(definition: Definition) -> Iterator[Finding]:
    labels = [(f"{path}.label", question.label, LONGEST_LABEL) for path, question in walk_questions(definition)]
    labels += [
        (f"{path}[{place}].label", choice.label, LONGEST_CHOICE)
        for path, _, choices in walk_choices(definition)
        for place, choice in enumerate(choices)
    ]
    for path, text, longest in labels:
        for code, said in text.by_language.items():
            if len(said) > longest:
                message = f"The label has {len(said)} characters in `{code}`; SPSS files keep {longest}."
                yield Finding(NOTE, path, message, "Move the explanation to `hint`.")


def _check_choices(definition: Definition) -> Iterator[Finding]:
    for path, _, choices in walk_choices(definition):
        for code in definition.languages:
            seen: dict[str, object] = {}
            for place, choice in enumerate(choices):
                said = choice.label.in_(code).casefold()
                if said in seen:
                    message = f"The choices {seen[said]} and {choice.value} have the same label in `{code}`."
                    yield Finding(WARNING, f"{path}[{place}].label", message, "Nobody can tell them apart.")
                seen.setdefault(said, choice.value)


def _check_parameters(definition: Definition) -> Iterator[Finding]:
    used = {
        name
        for _, text in walk_texts(definition)
        for said in text.by_language.values()
        for name in find_references(said)
    }
    for _, question in walk_questions(definition):
        conditions = (question.show_if, question.constraint, *(choice.show_if for choice in question.choices))
        used.update(name for condition in conditions if condition for name in condition.references)
        calculation = question.settings.get("calculation")
        used.update(calculation.references if isinstance(calculation, Expression) else ())
    used.update(name for section in definition.sections if section.show_if for name in section.show_if.references)
    for parameter in definition.parameters:
        if parameter.id not in used:
            hint = f"Write `${{{parameter.id}}}` where it belongs, or leave it out."
            yield Finding(NOTE, f"$.parameters.{parameter.id}", "No text uses this parameter.", hint)
