"""Piping puts answers into texts, as plain text, once."""

from __future__ import annotations

from forms.piping import fill, find_references


def test_every_reference_is_replaced_once() -> None:
    assert fill("Hi ${name}, ${ name }!", {"name": "${name}"}.__getitem__) == "Hi ${name}, ${name}!"


def test_what_is_no_reference_stays() -> None:
    assert fill("$5 {a} ${a{b}} $ {c}", lambda name: "x") == "$5 {a} ${a{b}} $ {c}"


def test_references_are_found_in_order() -> None:
    assert find_references("${b} and ${ a } and ${b}") == ("b", "a", "b")
