"""The texts that ask, exactly as people get them."""

from __future__ import annotations

import pytest
from sketches import EXTENT, FREQUENCY, GAINS, choices, interview, question, words

from forms.definition import SmsWording
from forms.sms.prompts import build_prompt, build_reprompt
from forms.sms.segments import count_segments

SCALE = "1=Not at all 2=A little 3=Partly 4=Mostly 5=Fully D=Don't know"
GROUPS = {1: "Community", 2: "Government", 3: "Business", 4: "NGO/charity", 5: "School", 6: "Donor", 7: "Other"}
CLEAR = "Are the shared goals of the partnership clear to you?"


def extent(id_: str, label: str, **keys: object):
    return question("scale", id_, label, required=True, dont_know=True, not_applicable=True, **keys)


def ask(asked, *others, counter: bool = False, language: str = "en", **keys: object) -> str:
    course = interview(asked, *others, **keys)
    return build_prompt(course, asked, language, counter=counter)


def test_the_feedback_surveys_texts_come_out_as_designed() -> None:
    assert ask(extent("pf01", CLEAR)) == f"{CLEAR} {SCALE}"
    govt = "Are the right groups taking part (community, govt, business, NGO, schools)?"
    assert ask(extent("pf09", "Are the right groups taking part?", sms=govt)) == f"{govt} {SCALE}"
    often = "How often do disagreements between partners stay unresolved?"
    assert ask(extent("pf13", often, choices=FREQUENCY)) == (
        f"{often} 1=Never 2=Rarely 3=Sometimes 4=Often 5=Always D=Don't know"
    )
    likely = "How likely are you to recommend working with this partnership?"
    assert ask(question("nps", "pf07", likely, dont_know=True)) == f"{likely} 0=Not at all 10=Extremely D=Don't know"
    school = SmsWording(words("Which group are you?"), {5: words("School/university")})
    assert ask(question("select_one", "pf00", "Which group do you mainly speak for?", choices=GROUPS, sms=school)) == (
        "Which group are you? 1=Community 2=Government 3=Business 4=NGO/charity 5=School/university 6=Donor 7=Other"
    )
    gained = "What did your group gain? Reply all numbers:"
    several = question("select_multiple", "pf16", "Gains?", choices=choices(GAINS, exclusive=(0,)), sms=gained)
    assert ask(several) == (
        f"{gained} 1=Money 2=Skills 3=Materials 4=Contacts 5=Services 6=Recognition 7=Say in decisions 0=None"
    )
    change = "What ONE change would most improve the partnership? Reply in your own words, or S to skip."
    assert ask(question("text", "pf08", "What ONE change?", sms=change)) == change


def test_consent_is_its_own_words_without_counter_or_list() -> None:
    hello = "Hi, ${partnership} wants your view. Reply YES to start, NO to decline."
    consent = question("consent", "pfc", "Do you agree?", sms=hello)
    text = ask(consent, extent("a", CLEAR), counter=True, parameters={"partnership": "River Valley"})
    assert text == "Hi, River Valley wants your view. Reply YES to start, NO to decline."


def test_the_counter_counts_the_texted_questions_of_this_interview() -> None:
    consent = question("consent", "c", "Agree?")
    first, second = extent("a", CLEAR), extent("b", CLEAR)
    hidden = extent("h", CLEAR, show_if="${a} = 5")
    on_web = extent("w", CLEAR, channels=("web",))
    later = extent("l", CLEAR, sms=SmsWording(part=2))
    others = (consent, first, hidden, on_web, second, later)
    course = interview(*others)
    assert build_prompt(course, second, "en") == f"2/2 {CLEAR} {SCALE}"
    assert build_prompt(course.with_answers({"a": 5}), second, "en").startswith("3/3 ")
    assert build_prompt(course, later, "en").startswith("1/1 ")


def test_the_counter_is_left_out_where_it_would_cost_a_segment() -> None:
    fits = question("text", label="a" * 156)
    full = question("text", label="a" * 157)
    assert ask(fits, counter=True) == "1/1 " + "a" * 156
    assert ask(full, counter=True) == "a" * 157
    assert ask(question("text", label="a" * 200), counter=True) == "1/1 " + "a" * 200


def test_one_way_out_is_listed() -> None:
    assert ask(question("scale", label="Clear?", not_applicable=True)).endswith("5=Fully N=Not applicable")
    assert ask(question("scale", label="Clear?", not_applicable=True, dont_know=True)).endswith("5=Fully D=Don't know")
    assert ask(question("scale", label="Clear?")).endswith("5=Fully")
    assert ask(question("scale", label="a" * 100, not_applicable=True)).endswith("5=Fully"), "no room for N"


def test_dont_know_stands_beside_none_only_where_there_is_room() -> None:
    few = choices({1: "Money", 0: "None"}, exclusive=(0,))
    asked = question("select_multiple", label="Gains?", choices=few, dont_know=True)
    assert ask(asked) == "Gains? 1=Money 0=None D=Don't know"


def test_answers_and_short_labels_are_filled_in() -> None:
    name = question("text", "name", "Who?")
    asked = question(
        "scale", "s", "How is ${name}?", choices={1: "Bad", 2: "Good"}, sms=SmsWording(None, {1: words("-")})
    )
    assert ask(asked, name, answers={"name": "${s}"}) == "How is ${s}? 1=- 2=Good"


def test_closed_choices_are_not_listed() -> None:
    first = question("select_one", "a", "First?", choices={1: "Yes", 2: "No"})
    offered = choices({1: "One", 2: "Two"}, show_if={2: "${a} = 1"})
    second = question("select_one", "b", "Second?", choices=offered)
    assert ask(second, first) == "Second? 1=One"
    assert ask(second, first, answers={"a": 1}) == "Second? 1=One 2=Two"


def test_choices_that_are_words_are_numbered() -> None:
    assert ask(question("select_one", label="Who?", choices={"ngo": "NGO", "donor": "Donor"})) == "Who? 1=NGO 2=Donor"


def test_the_respondents_language_is_spoken() -> None:
    asked = question(
        "scale", label={"en": "Clear?", "fr": "Clair ?"}, choices={1: {"en": "No", "fr": "Non"}}, dont_know=True
    )
    assert ask(asked, language="fr") == "Clair ? 1=Non D=Ne sais pas"


def reprompt(asked, *arguments: object, language: str = "en", **keys: object) -> str:
    return build_reprompt(interview(asked), asked, language, *arguments, **keys)


def test_a_reprompt_lists_the_choices() -> None:
    assert reprompt(extent("a", CLEAR)) == f"Sorry, please reply with one number from the list: {SCALE}"
    several = reprompt(question("select_multiple", choices={1: "Money", 2: "Skills"}))
    assert several == "Sorry, please reply with numbers from the list, for example 1 2: 1=Money 2=Skills"
    for suggestion in (None, "1"):
        assert reprompt(question("consent"), suggestion) == "Sorry, please reply YES or NO."
    assert reprompt(question("nps")) == "Sorry, please reply with one number from the list: 0=Not at all 10=Extremely"


def test_a_reprompt_asks_whether_the_near_miss_was_meant() -> None:
    assert reprompt(extent("a", CLEAR), "4") == "Did you mean 4=Mostly? Reply 4 or another number."
    assert reprompt(question("nps"), "7") == "Did you mean 7? Reply 7 or another number."


def test_a_reprompt_says_why_an_answer_cannot_be_taken() -> None:
    reason = "Please give a number from 0 to 120."
    assert reprompt(question("integer"), reason=reason) == reason
    assert reprompt(question("integer")) == "Sorry, we could not read that. Please answer again."


@pytest.mark.parametrize("language", ["en", "fr", "es", "sw", "ar"])
@pytest.mark.parametrize("length", [4, 20, 60, 200])
@pytest.mark.parametrize("letter", ["a", "ş", "😀"])
def test_a_reprompt_is_one_segment_whatever_the_choices(language: str, length: int, letter: str) -> None:
    long = dict.fromkeys(EXTENT, letter * length)
    for asked in (question("scale", choices=long), question("select_multiple", choices=long), question("text")):
        assert count_segments(reprompt(asked, language=language)).segments == 1
        assert count_segments(reprompt(asked, language=language, reason="x" * 500)).segments == 1
    assert count_segments(reprompt(question("scale", choices=long), "4", language=language)).segments == 1
