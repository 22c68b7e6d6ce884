"""Loading: what a good file becomes, and that every fault is told at once, where it is and how to mend it."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Definition
from forms.errors import DefinitionError, Fault
from forms.interview import Interview
from forms.loading import load_definition, load_file
from forms.loading.reserved import RESERVED_WORDS
from tests.forms.builders import as_json, choice, choices, definition, load, question, scorecard, section

FRENCH_TOO = {"en": "English", "fr": "Français"}


def refuse(data: Any) -> tuple[Fault, ...]:
    """Load what cannot be loaded and give its faults."""
    with pytest.raises(DefinitionError) as refusal:
        load_definition(as_json(data) if isinstance(data, dict) else data, "bad.json")
    return refusal.value.faults


def without(built: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in built.items() if name != key}


Q = "$.sections[0].questions[0]"
Q2 = "$.sections[0].questions[1]"
A = question("a", "scale")


def scored(**score: Any) -> dict[str, Any]:
    return definition(question("a", "scale", score={"domain": "ROLE", **score}), scorecard=scorecard("ROLE"))


BAD = {
    # what a definition, a section, a question must have
    "a missing title": (without(definition(A), "title"), "$.title", "missing"),
    "a missing version": (without(definition(A), "version"), "$.version", "missing"),
    "no sections": (definition(), "$.sections", "no sections"),
    "an empty section": (definition(section("s")), "$.sections[0].questions", "no questions"),
    "a question without a label": (definition(without(A, "label")), f"{Q}.label", "missing"),
    "a question without a type": (definition(without(A, "type")), f"{Q}.type", "missing"),
    "a section that is a list": (definition() | {"sections": [[]]}, "$.sections[0]", "not a list"),
    "sections that are an object": (definition() | {"sections": {}}, "$.sections", "not an object"),
    "a definition that is a list": (b"[]", "$", "not a list"),
    "null where a value belongs": (definition(question("a", hint=None)), f"{Q}.hint", "null"),
    # keys and types
    "an unknown key": (definition(question("a", "scale", chioces=[])), f"{Q}.chioces", "`choices`"),
    "an unknown key of a section": (definition(section("s", A, titel="x")), "$.sections[0].titel", "`title`"),
    "an unknown key of a choice": (
        definition(question("a", "scale", choices=choices(choice(1, lable="x"), 2))),
        f"{Q}.choices[0].lable",
        "`label`",
    ),
    "an unknown key at the top": (definition(A, languges={}), "$.languges", "`languages`"),
    "another type's key": (definition(question("a", "scale", max_length=5)), f"{Q}.max_length", "`text`"),
    "an unknown type": (definition(question("a", "slider")), f"{Q}.type", "select_one"),
    "a misspelt type": (definition(question("a", "select-one")), f"{Q}.type", "`select_one`"),
    "a type that is a number": (definition(question("a", 5)), f"{Q}.type", "number 5"),
    "more places than choices": (definition(question("a", "rank", max=6)), f"{Q}.max", "only 5 choices"),
    "a calculation of nothing": (definition(question("a", "calculate")), f"{Q}.calculation", "key is missing"),
    "a step to specify": (
        definition(question("a", "scale", choices=choices(choice(1, specify=True), 2))),
        f"{Q}.choices[0].specify",
        "cannot be specified",
    ),
    "two choices to specify": (
        definition(question("a", "select_one", choices=choices(choice(1, specify=True), choice(2, specify=True)))),
        f"{Q}.choices[1].specify",
        "already",
    ),
    "a column that a choice to specify needs": (
        definition(
            question("a", "select_one", choices=choices(choice(1, specify=True), 2)), question("a__oth", "text")
        ),
        "$.sections[0].questions[1].id",
        "column `a__oth`",
    ),
    "a flag in quotes": (definition(question("a", required="true")), f"{Q}.required", "true or false"),
    "a flag as a number": (definition(question("a", dont_know=1)), f"{Q}.dont_know", "true or false"),
    "an unknown kind": (definition(A, kind="quiz"), "$.kind", "feedback"),
    "a version in words": (definition(A, version="first"), "$.version", "1.0.0"),
    "an unknown channel": (definition(question("a", channels=["fax"])), f"{Q}.channels", '["web", "sms"]'),
    "no channel at all": (definition(question("a", channels=[])), f"{Q}.channels", '["web", "sms"]'),
    # ids
    "an id with capitals": (definition(question("Age")), f"{Q}.id", "lower-case"),
    "an id that is too long": (definition(question("a" * 33)), f"{Q}.id", "32"),
    "an id with a line end": (definition(question("a\n")), f"{Q}.id", "lower-case"),
    "an id that is a number": (definition(question(5)), f"{Q}.id", "lower-case"),
    "an id that stands twice": (definition(A, A), f"{Q2}.id", f"stands already at {Q}"),
    "a section id that stands twice": (
        definition(section("s", A), section("s", question("b"))),
        "$.sections[1].id",
        "stands already",
    ),
    "a section called review": (definition(section("review", A)), "$.sections[0].id", "review"),
    "the id of a parameter": (definition(A, parameters={"a": {"label": "A"}}), f"{Q}.id", "parameter"),
    "the name of a form field": (definition(question("csrf_token")), f"{Q}.id", "csrf_token"),
    "the name of an export column": (definition(question("disposition")), f"{Q}.id", "disposition"),
    "a word of SPSS": (definition(question("by")), f"{Q}.id", "SPSS"),
    "a word of Stata": (definition(question("if")), f"{Q}.id", "Stata"),
    "a column that another question has": (
        definition(question("a", "select_multiple"), question("a__2")),
        f"{Q2}.id",
        "`a__2`",
    ),
    "a field that another question has": (definition(question("a"), question("a__st")), f"{Q2}.id", "`a__st`"),
    # texts and languages
    "a text that is a number": (definition(question("a", label=5)), f"{Q}.label", "number 5"),
    "an empty text": (definition(question("a", label="  ")), f"{Q}.label", "empty"),
    "a text in an unknown language": (
        definition(question("a", label={"en": "A", "fx": "B"}), languages=FRENCH_TOO),
        f"{Q}.label.fx",
        "Add it to `languages`",
    ),
    "a text without the default language": (
        definition(question("a", label={"fr": "A"}), languages=FRENCH_TOO),
        f"{Q}.label",
        "`en`",
    ),
    "languages without the default one": (definition(A, languages={"fr": "Français"}), "$.languages", "`en`"),
    "a language code in words": (definition(A, languages={"en": "x", "French": "x"}), "$.languages.French", "pt-BR"),
    "a language without a name": (definition(A, languages={"en": ""}), "$.languages.en", "name"),
    # choices
    "no choices": (definition(without(A, "choices")), f"{Q}.choices", "needs choices"),
    "choices where none belong": (definition(question("a", choices="x")), f"{Q}.choices", "takes no choices"),
    "a choice list that is not there": (
        definition(question("a", "scale", choices="extend"), choice_lists={"extent": choices(1, 2)}),
        f"{Q}.choices",
        "`extent`",
    ),
    "a single choice": (definition(question("a", "scale", choices=choices(1))), f"{Q}.choices", "two"),
    "a value that stands twice": (
        definition(question("a", "scale", choices=choices(1, 1))),
        f"{Q}.choices[1].value",
        "twice",
    ),
    "a value that is a missing code": (
        definition(question("a", "scale", choices=choices(1, -98))),
        f"{Q}.choices[1].value",
        "missing code",
    ),
    "a value that is a fraction": (
        definition(question("a", "scale", choices=choices(1, 2.5))),
        f"{Q}.choices[1].value",
        "whole number",
    ),
    "a value that is true": (
        definition(question("a", "select_one", choices=choices(choice(True, "x"), 2))),
        f"{Q}.choices[0].value",
        "true",
    ),
    "a value with a space": (
        definition(question("a", "select_one", choices=choices("a b", "c"))),
        f"{Q}.choices[0].value",
        "a-z",
    ),
    "a word in a named scale": (
        definition(question("a", "scale", choices="l"), choice_lists={"l": choices(1, "two")}),
        "$.choice_lists.l[1].value",
        "integer",
    ),
    "a label that people text to stop": (
        definition(question("a", "scale", choices=choices(1, (2, "Stop!")))),
        f"{Q}.choices[1].label",
        "STOP",
    ),
    "a text label that people text for help": (
        definition(question("a", "scale", sms={"choices": {"1": "Info"}})),
        f'{Q}.sms.choices["1"]',
        "INFO",
    ),
    "a text label for a choice that is not there": (
        definition(question("a", "scale", sms={"choices": {"9": "x"}})),
        f'{Q}.sms.choices["9"]',
        "1, 2, 3, 4, 5",
    ),
    "labels by text where there are no choices": (
        definition(question("a", sms={"choices": {"1": "x"}})),
        f"{Q}.sms.choices",
        "has no choices",
    ),
    "a part that does not exist": (definition(question("a", sms={"part": 3})), f"{Q}.sms.part", "1 or 2"),
    # what types know of their own keys
    "limits that nobody can meet": (definition(question("a", "integer", min=5, max=1)), f"{Q}.max", "below"),
    "a length beyond reason": (definition(question("a", max_length=99999)), f"{Q}.max_length", "10000"),
    "a date that does not exist": (definition(question("a", "date", min="2026-02-30")), f"{Q}.min", "date"),
    "a required note": (definition(question("n", "note", required=True), A), f"{Q}.required", "asks nothing"),
    # conditions and piping
    "a condition that cannot be read": (definition(A, question("b", show_if="${a} == 1")), f"{Q2}.show_if", "One `=`"),
    "a condition that is a flag": (definition(A, question("b", show_if=True)), f"{Q2}.show_if", "text, not true"),
    "a space from a word processor": (
        definition(A, question("b", show_if="${a}\u00a0= 1")),
        f"{Q2}.show_if",
        "this is a no-break space",
    ),
    "a version without end": (definition(A, version="9" * 10_000), "$.version", "1.0.0"),
    "a version that no column holds": (definition(A, version="1.0.0-" + "x" * 20 + "." + "9" * 18), "$.version", ""),
    "an unknown function": (definition(A, question("b", show_if="rnd(${a}) = 1")), f"{Q2}.show_if", "`round()`"),
    "an unknown question": (
        definition(question("visits", "integer"), question("b", show_if="${visit} = 1")),
        f"{Q2}.show_if",
        "`visits`",
    ),
    "a reference forward": (definition(question("b", show_if="${a} = 1"), A), f"{Q}.show_if", "asked later"),
    "a reference to itself": (definition(question("b", show_if="${b} = 'x'")), f"{Q}.show_if", "itself"),
    "a section that looks at its own questions": (
        definition(section("s", A, show_if="${a} = 1")),
        "$.sections[0].show_if",
        "asked later",
    ),
    "a dot outside a constraint": (definition(question("b", show_if=". = 1")), f"{Q}.show_if", "constraint"),
    "a constraint on itself by name": (
        definition(question("n", "integer", constraint="${n} > 1")),
        f"{Q}.constraint",
        "write `.`",
    ),
    "a constraint of the wrong kind": (definition(question("b", constraint=". > 5")), f"{Q}.constraint", "a text"),
    "a comparison of a text with a number": (
        definition(question("t"), question("b", show_if="${t} > 5")),
        f"{Q2}.show_if",
        "a text with a number",
    ),
    "a condition that is no condition": (definition(A, question("b", show_if="${a}")), f"{Q2}.show_if", "condition"),
    "a reference to a note": (
        definition(question("n", "note"), question("b", show_if="${n} = 1")),
        f"{Q2}.show_if",
        "no answer",
    ),
    "a choice that looks forward": (
        definition(
            question("a", "scale", choices="l"),
            question("b"),
            choice_lists={"l": choices(1, choice(2, show_if="${b} = 'x'"))},
        ),
        "$.choice_lists.l[1].show_if",
        "asked later",
    ),
    "piping forward": (definition(question("b", label="Hello ${a}"), A), f"{Q}.label", "asked later"),
    "piping of something unknown": (definition(A, closing="Thanks ${b}"), "$.closing", "no question"),
    "piping of an answer before any question": (definition(A, title="${a}"), "$.title", "asked later"),
    "piping into a parameter's label": (
        definition(A, parameters={"p": {"label": "${p}"}}),
        "$.parameters.p.label",
        "plain words",
    ),
    "piping in one language only": (
        definition(A, closing={"en": "Bye", "fr": "Au revoir ${b}"}, languages=FRENCH_TOO),
        "$.closing",
        "${b}",
    ),
    "a reference that is not closed": (definition(A, closing="Thanks ${a"), "$.closing", "not closed"),
    # scores
    "an unknown domain": (scored(domain="ROLES"), f"{Q}.score.domain", "`ROLE`"),
    "a score without a scorecard": (
        definition(question("a", "scale", score={"domain": "ROLE"})),
        f"{Q}.score.domain",
        "scorecard.domains",
    ),
    "a score without a domain": (
        definition(question("a", "scale", score={"weight": 1}), scorecard=scorecard("ROLE")),
        f"{Q}.score.domain",
        "missing",
    ),
    "a weight of nothing": (scored(weight=0), f"{Q}.score.weight", "more than 0"),
    "points for a code that is not there": (scored(map={"9": 50}), f'{Q}.score.map["9"]', "1, 2, 3, 4, 5"),
    "points beyond a hundred": (scored(map={"1": 101}), f'{Q}.score.map["1"]', "0 to 100"),
    "a gate that is no code": (scored(gate=9), f"{Q}.score.gate", "no choice"),
    "a score of a text": (
        definition(question("t", score={"domain": "ROLE"}), scorecard=scorecard("ROLE")),
        f"{Q}.score",
        "cannot be scored",
    ),
    "a score of words without points": (
        definition(
            question("s", "select_one", choices=choices("x", "y"), score={"domain": "ROLE"}),
            scorecard=scorecard("ROLE"),
        ),
        f"{Q}.score",
        "map",
    ),
    "a group that nobody asks for": (
        definition(question("sector", "select_one"), scorecard=scorecard(group_by="sectr")),
        "$.scorecard.group_by",
        "`sector`",
    ),
    "a group from a text": (
        definition(question("t"), scorecard=scorecard(group_by="t")),
        "$.scorecard.group_by",
        "`text`",
    ),
    "an essential question that is not there": (
        definition(A, scorecard=scorecard(essential=["a", "b"])),
        "$.scorecard.essential[1]",
        "`b`",
    ),
    "bands that do not begin at 0": (
        definition(A, scorecard=scorecard(bands=[[5, "Low"]])),
        "$.scorecard.bands[0]",
        "0",
    ),
    "bands out of order": (
        definition(A, scorecard=scorecard(bands=[[0, "Low"], [60, "High"], [40, "Middle"]])),
        "$.scorecard.bands[2]",
        "not above 60",
    ),
    "a band without a word": (definition(A, scorecard=scorecard(bands=[[0]])), "$.scorecard.bands[0]", "Emerging"),
    "a domain that stands twice": (definition(A, scorecard=scorecard("X", "x")), "$.scorecard.domains[1].id", "twice"),
    "a domain called overall": (definition(A, scorecard=scorecard("overall")), "$.scorecard.domains[0].id", "whole"),
    "a k of one": (definition(A, scorecard=scorecard(k=1)), "$.scorecard.k", "at least 3"),
    "a share in percent": (definition(A, scorecard=scorecard(min_share=50)), "$.scorecard.min_share", "at most 1"),
    "an unknown source": (definition(A, scorecard=scorecard(source="them")), "$.scorecard.source", "voice"),
    # the form of the file
    "an empty file": (b"", "$", "empty"),
    "a blank file": (b" \n", "$", "empty"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "$", "BOM"),
    "UTF-16": ("{}".encode("utf-16"), "$", "UTF-16"),
    "Latin-1": ('{"title": "é"}'.encode("latin-1"), "$", "Save it as UTF-8"),
    "a comma too many": (b'{"id": "a",}', "$", "line 1, column"),
    "half a file": (b'{"id": "a", "title": ', "$", "a value is expected"),
    "a file that is no JSON": (b"id: a", "$", "not JSON"),
    "two definitions in one file": (b"{} {}", "$", "ends before"),
    "a key that stands twice": (b'{"id": "a", "x": {"y": 1, "y": 2}}', "$.x.y", "twice"),
    "NaN": (b'{"x": [1, NaN]}', "$.x[1]", "NaN"),
    "infinity": (b'{"x": -Infinity}', "$.x", "-Infinity"),
    "a number as large as infinity": (b'{"x": 1e999}', "$.x", "too large"),
    "an integer beyond 64 bits": (b'{"x": 9223372036854775808}', "$.x", "64 bits"),
    "a very long integer": (b'{"x": ' + b"9" * 1_000_000 + b"}", "$.x", "64 bits"),
    "a lone surrogate": (b'{"x": ["\\ud800"]}', "$.x[0]", "surrogate"),
    "a lone surrogate in a key": (b'{"\\udc00": 1}', "$", "surrogate"),
    "more than 2 MB": (b'{"x": "' + b"a" * 2_000_000 + b'"}', "$", "2 MB"),
    "more than 64 levels": (b'{"x": ' + b"[" * 64 + b"]" * 64 + b"}", "$", "64 levels"),
    "a million brackets": (b"[" * 1_000_000, "$", "64 levels"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_definition_is_refused_with_its_place_and_the_way_to_mend_it(name):
    data, path, said = BAD[name]
    faults = [fault for fault in refuse(data) if fault.path == path]
    assert faults, [fault.sentence() for fault in refuse(data)]
    assert any(said in fault.sentence() for fault in faults), [fault.sentence() for fault in faults]


@pytest.mark.parametrize("name", BAD)
def test_one_fault_is_told_once_and_brings_no_others_along(name):
    data, _, _ = BAD[name]
    if isinstance(data, dict):
        assert len(refuse(data)) == 1, [fault.sentence() for fault in refuse(data)]


@pytest.mark.parametrize("name", BAD)
def test_every_fault_is_a_sentence(name):
    for fault in refuse(BAD[name][0]):
        assert fault.path.startswith("$")
        assert fault.message.endswith((".", "?"))
        assert not fault.suggestion or fault.suggestion[-1] in ".?"
        assert len(fault.sentence()) < 500
        assert "\n" not in fault.sentence()


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    faults = refuse(
        definition(
            question("Bad", "slider", label=""),
            question("b", "scale", choices="nowhere", requierd=True),
            question("c", "integer", min=9, max=1, show_if="${d} = 1"),
            kind="quiz",
            scorecard=scorecard("X", k=99, group_by="nobody"),
        )
    )
    assert [fault.path for fault in faults] == [
        "$.kind",
        f"{Q}.id",
        f"{Q}.type",
        f"{Q}.label",
        f"{Q2}.requierd",
        f"{Q2}.choices",
        "$.sections[0].questions[2].max",
        "$.sections[0].questions[2].show_if",
        "$.scorecard.k",
        "$.scorecard.group_by",
    ]


def test_a_fault_reads_as_one_line_with_file_path_sentence_and_mend():
    with pytest.raises(DefinitionError) as refusal:
        load_definition(
            as_json(definition(question("a", "scale", choices="extnt"), choice_lists={"extent": choices(1, 2)})),
            "f.json",
        )
    assert str(refusal.value) == (
        "f.json: $.sections[0].questions[0].choices: There is no choice list `extnt`. Did you mean `extent`?"
    )


def test_the_same_fault_of_a_shared_list_is_told_once():
    asked = [question(f"q{n}", "scale", choices="l") for n in range(5)]
    faults = refuse(definition(*asked, choice_lists={"l": choices(1, "two")}))
    assert [fault.path for fault in faults] == ["$.choice_lists.l[1].value"]


@pytest.mark.parametrize("word", sorted(RESERVED_WORDS))
def test_no_choice_may_be_a_word_that_is_obeyed(word):
    for label in (word, word.lower(), f" {word.title()}. "):
        assert refuse(definition(question("a", "scale", choices=choices(1, (2, label)))))
        load(question("a", "scale", channels=["web"], choices=choices(1, (2, label))))


def test_yes_and_no_may_be_choices():
    load(question("a", "select_one", choices=choices((1, "Yes"), (2, "No"))))


def test_a_reserved_word_inside_a_longer_label_is_no_fault():
    load(
        question(
            "a", "scale", choices=choices((1, "The end of the year"), (2, "Skip it")), sms={"choices": {"2": "Later"}}
        )
    )


def test_a_short_text_label_mends_a_reserved_label():
    load(question("a", "scale", choices=choices((1, "End"), 2), sms={"choices": {"1": "At the end"}}))


def test_a_whole_definition_becomes_what_it_says():
    built = load(
        section(
            "first",
            question("ok", "consent", required=True),
            question("sector", "select_one", choices=choices(("ngo", "NGO"), ("donor", "Donor"))),
            title={"en": "One", "fr": "Un"},
        ),
        section(
            "second",
            question(
                "clear",
                "scale",
                choices="extent",
                hint="Think of last year.",
                required=True,
                dont_know=True,
                not_applicable=True,
                channels=["sms", "web"],
                sms={"label": "Clear?", "choices": {"1": "No"}, "part": 2},
                score={
                    "domain": "ROLE",
                    "weight": 2,
                    "reverse": True,
                    "map": {"1": 0, "2": 99.5},
                    "gate": 2,
                    "core": True,
                },
            ),
            question("times", "integer", min=0, max=9, constraint=". <= ${clear}", constraint_message="Too many."),
            show_if="${sector} = 'ngo'",
        ),
        **{"$schema": "definition.schema.json"},
        languages=FRENCH_TOO,
        introduction="Hello ${who}",
        closing={"en": "Bye", "fr": "Au revoir"},
        parameters={"who": {"label": "Who", "max_length": 20}},
        choice_lists={"extent": choices((1, "Low"), choice(2, {"en": "High", "fr": "Haut"}, exclusive=True))},
        scorecard=scorecard(
            "ROLE", group_by="sector", essential=["clear"], k=3, min_share=1, source="self", bands=[[0, "X"]]
        ),
    )
    clear, times = built.questions["clear"], built.questions["times"]
    assert list(built.questions) == ["ok", "sector", "clear", "times"]
    assert built.sections[0].title.in_("fr") == "Un"
    assert built.sections[1].show_if.references == {"sector"}
    assert [(c.value, c.label.in_("fr"), c.exclusive) for c in clear.choices] == [(1, "Low", False), (2, "Haut", True)]
    assert (clear.hint.in_("en"), clear.required, clear.dont_know, clear.not_applicable) == (
        "Think of last year.", True, True, True,
    )  # fmt: skip
    assert clear.channels == ("web", "sms")
    assert (clear.sms.label.in_("en"), clear.sms.choices[1].in_("en"), clear.sms.part) == ("Clear?", "No", 2)
    assert dataclasses.astuple(clear.score) == ("ROLE", 2, True, {1: 0, 2: 99.5}, 2, True)
    assert times.settings == {"min": 0, "max": 9}
    assert times.constraint.uses_answer
    assert times.constraint_message.in_("en") == "Too many."
    assert (built.parameters[0].id, built.parameters[0].max_length) == ("who", 20)
    card = built.scorecard
    assert (card.group_by, card.essential, card.k, card.min_share, card.source) == ("sector", ("clear",), 3, 1, "self")
    assert card.bands == ((0, "X"),)
    assert card.domains[0].label.in_("en") == "Domain ROLE"


def test_what_is_left_out_has_its_default():
    built = load(question("a"))
    asked = built.questions["a"]
    assert asked.channels == ("web", "sms")
    assert not (asked.required or asked.dont_know or asked.not_applicable)
    assert (asked.sms.label, asked.sms.part, asked.score, asked.show_if) == (None, 1, None, None)
    assert built.scorecard is None


def test_a_definition_in_one_language_needs_no_list_of_languages():
    built = load_definition(as_json(without(without(definition(A), "languages"), "default_language")))
    assert built.default_language == "en"
    assert list(built.languages) == ["en"]


def test_the_source_is_kept_to_the_letter():
    text = as_json(definition(question("a", label="Où ?"))).decode() + "\n\n"
    assert load_definition(text).source == text
    assert load_definition(text.encode()).source == text


def test_what_was_loaded_loads_again_from_its_source_as_the_same():
    built = load(A, question("b", show_if="${a} >= 3 and not(${a} = 5)"))
    assert repr(load_definition(built.source)) == repr(built)


def test_texts_are_normalised_at_the_edge():
    built = load(question("a", label="  Cafe\u0301\u0007?\r\n"))
    assert built.questions["a"].label.in_("en") == "Café?"


def test_a_unit_is_shown_as_it_is_so_that_it_refers_to_nothing():
    (fault,) = refuse(definition(question("a"), question("b", "integer", unit="per ${a}")))
    assert (fault.path, "cannot stand here" in fault.message) == ("$.sections[0].questions[1].unit", True)


@pytest.mark.parametrize("key", ["dont_know", "not_applicable"])
def test_consent_has_no_way_out_but_no(key):
    (fault,) = refuse(definition(question("a", "consent", **{key: True})))
    assert (fault.path, fault.message) == (
        f"$.sections[0].questions[0].{key}",
        "Consent is yes or no, and nothing else.",
    )


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"type_": "text", "max_length": 20_000}, "This must be at least 1 and at most 10000."),
        ({"type_": "select_multiple", "choices": choices(1, 2), "max": 0}, "This must be at least 1."),
    ],
)
def test_a_setting_out_of_bounds_is_told_the_bounds(setting, said):
    (fault,) = refuse(definition(question("a", **setting)))
    assert fault.message == said


def test_a_unit_may_be_translated():
    built = load(question("a", "integer", unit={"en": "years", "fr": "ans"}), languages=FRENCH_TOO)
    assert built.questions["a"].settings["unit"].in_("fr") == "ans"


def test_settings_have_the_type_that_their_question_type_wants():
    built = load(question("a", "date", min="2026-01-31"))
    assert built.questions["a"].settings["min"] == date(2026, 1, 31)


def test_codes_of_a_scale_may_be_compared_as_numbers_or_as_texts():
    built = load(A, question("b", show_if="${a} > 2 and ${a} != '5' and selected(${a}, 4)"))
    assert Interview(built, {"a": 4}, date(2026, 1, 1)).path == tuple(built.questions.values())
    assert len(Interview(built, {"a": 5}, date(2026, 1, 1)).path) == 1


def test_a_later_text_may_be_filled_with_earlier_answers_and_parameters():
    load(
        question("a"),
        question("b", "scale", label="${a} ${p}", hint="${a}", choices=choices((1, "${a}"), 2), sms={"label": "${a}"}),
        section("next", question("c"), title="${b}", show_if="${p} = 'x'"),
        parameters={"p": {"label": "P"}},
        title="For ${p}",
        closing="${c}",
    )


def test_faults_of_a_question_with_a_bad_id_do_not_hide_those_of_its_neighbours():
    paths = [fault.path for fault in refuse(definition(question("A B"), question("b", "scale", choices="x")))]
    assert paths == [f"{Q}.id", f"{Q2}.choices"]


def test_odd_keys_are_quoted_in_paths():
    assert refuse(definition(A) | {"odd key": 1})[0].path == '$["odd key"]'
    assert "\n" not in refuse(definition(A) | {"a\nb": 1})[0].sentence()
    assert len(refuse(definition(A) | {"k" * 100_000: 1})[0].sentence()) < 300


def test_brackets_inside_texts_are_not_levels():
    load(question("a", label="[" * 100 + '"{'))


@pytest.mark.parametrize(
    "data",
    [
        definition(*[{"id": f"q{n}"} for n in range(100_000)]),
        definition(*[section(f"s{n}", A) for n in range(20_000)]),
        definition(
            *[question(f"q{n}", "select_one", choices="l") for n in range(2_000)],
            choice_lists={"l": choices(*range(500))},
        ),
        definition(question("a", **{f"key{n}": n for n in range(100_000)})),
        definition(*[question(f"q{n}", show_if="1" + "+1" * 400 + " = 2") for n in range(1_900)]),
        definition(A, languages={f"l{n}": "x" for n in range(100_000)}),
        definition(A, title={f"l{n}": "x" for n in range(100_000)}),
        b'"\\"' * 600_000,
        b"{" + b",".join(b'"a%d":1,"a%d":1' % (n, n) for n in range(80_000)) + b"}",
    ],
    ids=["questions", "sections", "choices", "keys", "conditions", "languages", "translations", "quotes", "twice"],
)
def test_a_file_of_absurd_size_is_refused_in_seconds(data):
    data = json.dumps(data).encode() if isinstance(data, dict) else data
    began = time.perf_counter()
    assert refuse(data)
    assert time.perf_counter() - began < 5


def test_too_many_questions_have_a_fault_of_their_own():
    (fault,) = refuse(definition(*[question(f"q{n}") for n in range(2_001)]))
    assert fault.message == "There are 2,001 questions; at most 2,000 are read."


def test_two_thousand_questions_load():
    assert len(load(*[question(f"q{n}") for n in range(2_000)]).questions) == 2_000


def test_a_file_is_loaded_by_its_path(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(as_json(definition(A)))
    assert isinstance(load_file(path), Definition)
    assert isinstance(load_file(str(path)), Definition)


def test_a_file_that_cannot_be_read_is_a_fault_of_that_file(tmp_path):
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(DefinitionError) as refusal:
            load_file(path)
        assert str(path) in str(refusal.value)
        assert "cannot be read" in str(refusal.value)


def test_a_pipe_that_nobody_writes_to_is_empty_and_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(DefinitionError, match="is empty"):
        load_file(tmp_path / "pipe.json")


def test_a_loop_of_links_and_a_folder_are_faults(tmp_path):
    (tmp_path / "a.json").symlink_to(tmp_path / "b.json")
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    for path in (tmp_path / "a.json", tmp_path):
        with pytest.raises(DefinitionError, match="cannot be read"):
            load_file(path)


def test_a_file_of_any_size_is_refused_without_reading_it_whole():
    if Path("/dev/zero").exists():
        with pytest.raises(DefinitionError, match="larger than 2 MB"):
            load_file("/dev/zero")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WHOLE = definition(
    section("s", question("a", "scale", choices="l", sms={"label": "A"}, score={"domain": "X"})),
    section("t", question("b", "integer", min=0, max=5, constraint=". > ${a}"), show_if="${a} = 1"),
    parameters={"p": {"label": "P"}},
    choice_lists={"l": choices(1, choice(2, show_if="${p} = 'x'"))},
    scorecard=scorecard("X", group_by="a"),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, one in inner for place in _places(one, (*path, key))]


@given(st.lists(st.tuples(st.sampled_from(_places(WHOLE)), json_values), min_size=1, max_size=3))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_in_a_file_it_loads_or_is_refused_with_sentences(changes):
    """Any JSON value in any place of a definition: never another error than `DefinitionError`."""
    built = json.loads(json.dumps(WHOLE))
    for place, value in changes:
        holder: Any = built
        try:
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    try:
        load_definition(json.dumps(built))
    except DefinitionError as refusal:
        assert refusal.faults
        for fault in refusal.faults:
            assert fault.path.startswith("$")
            assert fault.message
            assert "\n" not in fault.sentence()


@given(st.binary(max_size=60) | st.text('{}[]",:0123456789.eE-+\\u ntfNaI', max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_bytes_come_they_are_refused_with_sentences(data):
    assert refuse(data)
