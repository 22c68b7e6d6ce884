"""Checks: what is not wrong, and yet worth a word before anybody is asked."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from forms.checks import NOTE, WARNING, Finding, check_definition
from tests.forms.builders import choice, choices, load, question, scorecard, section

FRENCH_TOO = {"en": "English", "fr": "Français"}
Q = "$.sections[0].questions[0]"
Q2 = "$.sections[0].questions[1]"
FULL = "a" * 160


def check(*parts: dict[str, Any], **keys: Any) -> tuple[Finding, ...]:
    return check_definition(load(*parts, **keys))


def web(id_: str, type_: str = "text", **keys: Any) -> dict[str, Any]:
    """A question that is not texted, so that nothing is said about texts."""
    return question(id_, type_, channels=["web"], **keys)


def test_a_definition_that_is_in_order_draws_no_finding():
    assert (
        check(
            question("ok", "consent", label="May we ask?", sms={"label": "May we ask? YES, NO, or STOP for good"}),
            question("a", "scale", choices="l", score={"domain": "X", "core": True}),
            question("b", label="Why ${p}?", show_if="${a} = 1 and not(${a} != 5)"),
            choice_lists={"l": choices(1, 2, 5)},
            parameters={"p": {"label": "P", "max_length": 20}},
            scorecard=scorecard("X"),
        )
        == ()
    )


def test_a_consent_by_text_tells_how_to_reply_and_how_to_end_it():
    (finding,) = check(question("ok", "consent", label="May we ask?"))
    assert (finding.level, finding.path) == (WARNING, f"{Q}.label")
    assert "STOP" in finding.suggestion
    assert check(web("ok", "consent", label="May we ask?")) == ()


def test_a_missing_translation_is_named_with_its_language():
    (finding,) = check(web("a", label={"en": "Why?"}), languages=FRENCH_TOO, title={"en": "T", "fr": "T"})
    assert finding.path == f"{Q}.label"
    assert finding.level == WARNING
    assert finding.message == "There is no translation into `fr` (Français); `en` is shown instead."


def test_every_kind_of_text_is_looked_at_for_its_translation():
    found = check(
        section(
            "s",
            question("a", "scale", choices="l", hint="H", sms={"label": "S", "choices": {"1": "C"}}),
            web("b", "integer", unit={"en": "years"}, constraint=". > 1", constraint_message="M"),
            title="T",
        ),
        web("c", "select_one"),
        languages=FRENCH_TOO,
        introduction="I ${p}",
        closing="C",
        parameters={"p": {"label": "P"}},
        choice_lists={"l": choices(1, 2)},
        scorecard=scorecard("X", group_by="c"),
    )
    paths = {finding.path for finding in found if "translation" in finding.message}
    assert paths == {
        "$.title",
        "$.introduction",
        "$.closing",
        "$.parameters.p.label",
        "$.choice_lists.l[0].label",
        "$.choice_lists.l[1].label",
        "$.sections[0].title",
        f"{Q}.label",
        f"{Q}.hint",
        f"{Q}.sms.label",
        f'{Q}.sms.choices["1"]',
        f"{Q2}.label",
        f"{Q2}.constraint_message",
        f"{Q2}.unit",
        "$.sections[1].questions[0].label",
        *(f"$.sections[1].questions[0].choices[{place}].label" for place in range(5)),
        "$.scorecard.domains[0].label",
    }


@pytest.mark.parametrize(("unit", "told"), [("years", True), ("%", False)])
def test_a_unit_in_one_language_is_told_unless_it_is_a_sign(unit, told):
    asked = web("a", "integer", label={"en": "How many?", "fr": "Combien ?"}, unit=unit)
    found = check(asked, languages=FRENCH_TOO, title={"en": "T", "fr": "T"})
    assert [finding.path for finding in found if "translation" in finding.message] == [f"{Q}.unit"] * told


def test_a_shared_list_is_named_once_however_many_questions_use_it():
    found = check(
        *[web(f"q{n}", "scale", choices="l", label={"en": "x", "fr": "y"}) for n in range(3)],
        languages=FRENCH_TOO,
        title={"en": "T", "fr": "T"},
        choice_lists={"l": choices((1, {"en": "A", "fr": "B"}), (2, "C"))},
    )
    assert [finding.path for finding in found] == ["$.choice_lists.l[1].label"]


def test_a_reference_lost_in_translation_is_told():
    (finding,) = check(
        web("a", label={"en": "Why ${p}?", "fr": "Pourquoi ?"}),
        languages=FRENCH_TOO,
        title={"en": "T", "fr": "T"},
        parameters={"p": {"label": {"en": "P", "fr": "P"}}},
    )
    assert finding.path == f"{Q}.label.fr"
    assert "${p}" in finding.message


def test_a_text_of_one_plain_segment_draws_no_warning():
    assert check(question("a", label="a" * 140)) == ()


def test_a_text_beyond_our_aim_is_a_note_and_beyond_a_segment_a_warning():
    (note,) = check(question("a", label="a" * 141))
    assert (note.level, note.path) == (NOTE, f"{Q}.label")
    assert "141 of 160" in note.message
    assert [finding.level for finding in check(question("a", label=FULL))] == [NOTE]
    (warning,) = check(question("a", label=FULL + "a"))
    assert (warning.level, warning.path) == (WARNING, f"{Q}.label")
    assert "161 units of GSM-7: 2 segments" in warning.message


def test_the_choices_of_a_text_are_counted_with_it():
    assert check(question("a", "scale", label="a" * 80)) == ()
    (finding,) = check(question("a", "scale", label="a" * 120))
    assert finding.level == WARNING


def test_the_text_wording_is_what_counts():
    assert check(question("a", label="a" * 200, sms={"label": "Short?"})) == ()
    (finding,) = check(question("a", sms={"label": "a" * 200}))
    assert finding.path == f"{Q}.sms.label"


def test_a_question_that_is_not_texted_may_be_as_long_as_it_likes():
    assert check(web("a", label="a" * 250)) == ()
    assert check(question("n", "note", label="a" * 250), question("b")) == ()


@pytest.mark.parametrize(
    ("character", "mend"),
    [
        ("’", "Write `'`"),
        ("“", 'Write `"`'),
        ("–", "Write `-`"),
        ("ç", "Write `c`"),
        ("ê", "Write `e`"),
        ("🙂", "Leave it out"),
    ],
)
def test_a_character_that_forces_ucs_2_is_named_with_its_plain_one(character, mend):
    (finding,) = check(question("a", label=f"Say{character} now"))
    assert finding.level == WARNING
    assert f"`{character}` (U+{ord(character):04X}" in finding.message
    assert mend in finding.suggestion


def test_a_space_that_forces_ucs_2_is_named_though_nobody_sees_it():
    (finding,) = check(question("a", label="Pourquoi\u202f?"))
    assert "U+202F" in finding.message
    assert "plain space" in finding.suggestion


def test_each_language_is_weighed_on_its_own():
    (finding,) = check(
        question("a", label={"en": "Why?", "fr": "Reçu ?"}), languages=FRENCH_TOO, title={"en": "T", "fr": "T"}
    )
    assert "`fr`" in finding.message


def test_a_script_that_gsm_7_does_not_have_is_no_accident():
    assert check(question("a", label="هل الأهداف واضحة لك؟")) == ()
    (finding,) = check(question("a", label="هل الأهداف واضحة لك؟ " * 5))
    assert finding.level == NOTE
    assert "2 segments" in finding.message
    assert "UCS-2" in finding.message


def test_a_text_that_is_long_in_any_script_is_a_warning():
    (finding,) = check(question("a", label="هل الأهداف واضحة لك؟ " * 11))
    assert finding.level == WARNING
    assert "4 segments" in finding.message


def test_the_longest_name_that_may_be_filled_in_is_counted():
    label = "${p} " + "a" * 130
    assert check(question("a", label=label), parameters={"p": {"label": "P", "max_length": 5}}) == ()
    (finding,) = check(question("a", label=label), parameters={"p": {"label": "P", "max_length": 40}})
    assert finding.level == WARNING


def test_the_longest_answer_that_may_be_filled_in_is_counted():
    def check_piped(first: dict[str, Any]) -> list[str]:
        return [finding.path for finding in check(first, question("b", label="${a} " + "a" * 100))]

    assert check_piped(question("a", max_length=20)) == []
    assert check_piped(question("a", max_length=90)) == [f"{Q2}.label"]
    assert check_piped(web("a", "select_one", choices=choices((1, "x"), (2, "x" * 90)))) == [f"{Q2}.label"]
    assert check_piped(web("a", "select_multiple", choices=choices((1, "x" * 40), (2, "y" * 40)))) == [f"{Q2}.label"]
    assert check_piped(question("a", "integer", max=99)) == []


def test_a_choice_with_a_condition_counts_as_offered():
    hidden = choice(2, "x" * 150, show_if="${a} = 'never'")
    found = check(question("a"), question("b", "select_one", choices=choices(1, hidden)))
    assert [finding.path for finding in found if "segments" in finding.message] == [f"{Q2}.label"]


def test_wording_that_is_never_texted_is_noted():
    (finding,) = check(web("a", sms={"label": "x"}))
    assert (finding.level, finding.path) == (NOTE, f"{Q}.sms")


def test_labels_that_files_would_cut_are_noted():
    found = check(web("a", "select_one", label="a" * 257, choices=choices((1, "x" * 121), 2)))
    assert [(finding.level, finding.path) for finding in found] == [
        (NOTE, f"{Q}.label"),
        (NOTE, f"{Q}.choices[0].label"),
    ]


def test_two_choices_that_look_the_same_are_told():
    (finding,) = check(web("a", "select_one", choices=choices((1, "Yes"), (2, "yes"))))
    assert finding.path == f"{Q}.choices[1].label"
    assert "same label" in finding.message


def test_a_parameter_that_no_text_uses_is_noted():
    (finding,) = check(web("a"), parameters={"p": {"label": "P"}})
    assert (finding.level, finding.path) == (NOTE, "$.parameters.p")
    assert check(web("a", show_if="${p} = 'x'"), parameters={"p": {"label": "P"}}) == ()


def test_a_domain_without_questions_is_told():
    (finding,) = check(web("a"), scorecard=scorecard("X"))
    assert (finding.level, finding.path) == (WARNING, "$.scorecard.domains[0]")
    assert "`X`" in finding.message


@pytest.mark.parametrize("keys", [{"channels": ["web"]}, {"sms": {"part": 2}}])
def test_a_core_question_that_a_channel_lacks_is_told(keys):
    (finding,) = check(question("a", "scale", score={"domain": "X", "core": True}, **keys), scorecard=scorecard("X"))
    assert finding.path == f"{Q}.score.core"


def test_codes_without_points_are_told():
    (finding,) = check(
        question("a", "scale", choices=choices(1, 2, 3), score={"domain": "X", "map": {"1": 0, "3": 100}}),
        scorecard=scorecard("X"),
    )
    assert finding.path == f"{Q}.score.map"
    assert finding.message.endswith("scored: 2.")


def test_reverse_beside_points_is_noted():
    points = {str(code): code for code in range(1, 6)}
    (finding,) = check(
        question("a", "scale", score={"domain": "X", "map": points, "reverse": True}), scorecard=scorecard("X")
    )
    assert (finding.level, finding.path) == (NOTE, f"{Q}.score.reverse")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("${a} = 9", "`${a} = 9` never holds"),
        ("'x' = ${a}", "never holds"),
        ("${a} != 9", "`${a} != 9` holds for every answer"),
        ("selected(${a}, 9)", "never holds"),
        ("${a} = ''", "never holds"),
        ("1 = 1 and ${a} = 9", "`${a} = 9`"),
    ],
)
def test_a_condition_on_a_code_that_is_not_there_is_told(condition, said):
    (finding,) = check(web("a", "scale"), web("b", show_if=condition))
    assert finding.path == f"{Q2}.show_if"
    assert said in finding.message


def test_a_condition_on_codes_that_are_there_draws_no_finding():
    assert check(web("a", "scale"), web("b", show_if="${a} = 5 or ${a} = '4' or selected(${a}, 1)")) == ()
    assert check(web("n", "nps"), web("b", show_if="${n} = 10")) == ()


def test_a_message_without_a_constraint_is_noted():
    (finding,) = check(web("a", constraint_message="No"))
    assert (finding.level, finding.path) == (NOTE, f"{Q}.constraint_message")


def test_findings_stand_once_and_read_as_one_line():
    (finding,) = check(web("a"), scorecard=scorecard("X"))
    assert finding.sentence("f.json") == (
        "f.json: $.scorecard.domains[0]: warning: No question counts towards the domain `X`; "
        "it will never have a score. Score a question, or leave it out."
    )


def test_a_definition_without_its_source_can_be_checked_too():
    assert check_definition(dataclasses.replace(load(web("a", "scale")), source="")) == ()


def test_two_thousand_questions_are_checked_in_seconds():
    assert check(*[question(f"q{n}", label="x" * 10) for n in range(2_000)]) == ()


def test_a_rosters_page_that_sends_more_than_is_taken_is_named():
    big = web("a", "select_multiple", choices=choices(*range(1, 11)))
    (finding,) = check(section("s", big, repeat={"over": "roster", "max": 100}))
    assert (finding.level, finding.path) == (WARNING, "$.sections[0].repeat")
    assert "1,000 fields" in finding.message
    assert check(section("s", big, repeat={"over": "roster", "max": 30})) == ()
