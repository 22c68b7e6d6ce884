"""Conditions that can be seen to be always true or false, and rules that never act."""

from __future__ import annotations

from collections.abc import Iterator

from forms.checks.finding import NOTE, WARNING, Finding, walk_choices, walk_questions
from forms.definition import Definition, Question
from forms.expressions import Expression
from forms.expressions.operands import same
from forms.expressions.tree import Call, Comparison, Node, Number, Quote, Reference
from forms.question_types import find_type


def check(definition: Definition) -> Iterator[Finding]:
    """Look at every condition, and at constraint messages without a constraint."""
    for path, expression in _walk_conditions(definition):
        for node in expression.nodes():
            yield from _check_code(definition, path, node)
            yield from _check_empty(path, node)
    for path, question in walk_questions(definition):
        if question.constraint_message is not None and question.constraint is None:
            message = "There is no constraint, so this message is never shown."
            yield Finding(NOTE, f"{path}.constraint_message", message)


def _walk_conditions(definition: Definition) -> Iterator[tuple[str, Expression]]:
    for place, section in enumerate(definition.sections):
        if section.show_if is not None:
            yield f"$.sections[{place}].show_if", section.show_if
    for path, question in walk_questions(definition):
        if question.show_if is not None:
            yield f"{path}.show_if", question.show_if
        if question.constraint is not None:
            yield f"{path}.constraint", question.constraint
    for path, _, choices in walk_choices(definition):
        for place, choice in enumerate(choices):
            if choice.show_if is not None:
                yield f"{path}[{place}].show_if", choice.show_if


def _check_code(definition: Definition, path: str, node: Node) -> Iterator[Finding]:
    """Find `${a} = 9` where `a` has no choice 9."""
    if isinstance(node, Comparison) and node.operator in ("=", "!="):
        pair = (node.left, node.right) if isinstance(node.left, Reference) else (node.right, node.left)
    elif isinstance(node, Call) and node.name == "selected":
        pair = (node.arguments[0], node.arguments[1])
    else:
        return
    reference, literal = pair
    if not isinstance(reference, Reference) or not isinstance(literal, Number | Quote) or str(literal) == "''":
        return
    question = definition.questions.get(reference.id)
    codes = _list_codes(question) if question else []
    written = literal.number if isinstance(literal, Number) else literal.text
    if question and codes and not any(same(code, written) for code in codes):
        is_unequal = isinstance(node, Comparison) and node.operator == "!="
        result = "holds for every answer" if is_unequal else "never holds"
        message = f"`{node}` {result}: `{question.id}` has no such choice."
        yield Finding(WARNING, path, message, f"Its codes are: {', '.join(codes[:20])}.")


def _check_empty(path: str, node: Node) -> Iterator[Finding]:
    """Find `${a} = ''`, which XLSForm authors write for "not answered" and which never holds here."""
    if isinstance(node, Comparison) and node.operator == "=":
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(other, Quote) and not other.text and isinstance(side, Reference):
                hint = f"For \"not answered\" write `not({side} != '')`."
                yield Finding(WARNING, path, f"`{node}` never holds: what is missing equals nothing.", hint)


def _list_codes(question: Question) -> list[str]:
    return [str(choice.value) for choice in find_type(question.type).choices(question)]
