from dataclasses import replace

import pytest
from study_builders import answer_all, make_definition, make_scored, make_study
from vectors_file import PLACES, VECTORS

from exports.panels.voices import list_gaps
from exports.scorecards import build_scorecard


def build(source, codes, *domains):
    definition = make_definition(*(make_scored(f"q{domain}", domain) for domain in domains), source=source)
    people = [{f"q{domain}": code for domain in domains} for code in codes]
    return build_scorecard(make_study(definition, answer_all({"ngo": people}), labels=["ngo"]))


def with_score(card, score):
    return replace(card, rows=tuple(replace(row, score=score) if row.score is not None else row for row in card.rows))


def test_the_gap_is_own_less_stakeholders_as_worked():
    worked = VECTORS["V20"]
    voice = with_score(build("voice", [3, 4] * 10, "A", "B"), worked["voice"])
    own = with_score(build("self", [4, 5] * 10, "A", "C"), worked["self"])
    (gap,) = list_gaps(voice, own)
    assert (gap.domain, gap.is_wide) == ("A", True)
    assert gap.gap == pytest.approx(worked["gap"], abs=PLACES)


def test_where_one_voice_is_hidden_there_is_no_gap():
    (gap,) = list_gaps(build("voice", [3, 4] * 10, "A"), build("self", [4] * 3, "A"))
    assert (gap.own, gap.gap, gap.is_wide) == (None, None, False)
