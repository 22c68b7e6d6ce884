"""What each part of the report tells, and when it has nothing to tell."""

import re
from dataclasses import replace

import pytest
from study_builders import DK, answer_all, invite, make_definition, make_question, make_scored, make_study

from exports.charts.drawing import EMPTY, SHOWN, SUPPRESSED
from exports.scorecards.history import find_history
from exports.scorecards.page import Page
from exports.scorecards.report import build_report
from exports.scorecards.report.blocks import Contents, Items, Picture, Sentence, Table, ToDo
from exports.scorecards.results import build_results
from exports.scorecards.trend import compare_results

DOMAINS = ("GOAL", "TRST", "RSRC", "EXIT")
QUESTIONS = [make_scored(f"q{n}", domain, core=True) for n, domain in enumerate(DOMAINS)]
EXTRA = make_scored("q9", "GOAL", core=True)


def build(groups, invited=None, questions=(*QUESTIONS, EXTRA), **more):
    cases = None if invited is None else invite({g: (len(groups.get(g, [])), n) for g, n in invited.items()})
    study = make_study(make_definition(*questions), answer_all(groups), cases=cases, labels=groups, **more)
    report = build_report(build_results(study))
    return {section.id: section for section in report.sections}


def people(n, **codes):
    return [{"q0": 3, "q1": 4, "q2": 5, "q3": 4, "q9": 2, **codes} for _ in range(n - 4)] + [
        {"q0": code, "q1": code, "q2": code, "q3": code, "q9": code, **codes} for code in (2, 3, 4, 5)
    ]


@pytest.fixture(scope="module")
def report():
    return build({"ngo": people(24), "town": people(12, q0=1)}, {"ngo": 30, "town": 20})


def find(section, kind, place=0):
    return [block for block in section.blocks if isinstance(block, kind)][place]


def read(section, place=0):
    return [
        [str(cell).replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in find(section, Table, place).table.rows
    ]


def test_answers_come_first_then_methods_then_what_to_do_then_detail(report):
    order = list(report)
    assert order[:5] == ["overall", "domains", "contents", "methods", "todo"]
    assert set(order[5:]) == {"groups", "questions", "response", "bases", "comparisons", "reliability", "rates"}


def test_the_contents_lead_to_every_section(report):
    own, criteria = (block.groups for block in report["contents"].blocks if isinstance(block, Contents))
    assert [place for _, place, _ in own[0][1]] == [name for name in report if name != "contents"]
    assert [criterion for criterion, _ in criteria] == [
        *("Relevance", "Coherence", "Effectiveness", "Efficiency", "Impact", "Sustainability"),
    ]


def test_the_criteria_name_their_domains_with_their_numbers(report):
    criteria = dict(find(report["contents"], Contents, 1).groups)
    assert [label for label, _, _ in criteria["Sustainability"]] == ["Exit", "Rsrc"]
    assert all(place == "domains" and "n 36" in words for places in criteria.values() for _, place, words in places)


def test_an_instrument_without_these_domains_has_no_second_contents():
    questions = [make_scored(f"q{n}", f"D{n}") for n in range(4)]
    section = build({"ngo": people(12)}, {"ngo": 20}, questions)["contents"]
    assert len([block for block in section.blocks if isinstance(block, Contents)]) == 1


def test_low_domains_become_a_list_to_agree_on_lowest_question_first(report):
    lines = find(report["todo"], ToDo).lines
    assert [line[0] for line in lines[:2]] == ["Question q9", "Question q0"]
    assert all(line[1].startswith("Goal (") for line in lines[:2])
    assert int(lines[0][2]) <= int(lines[1][2])


def test_where_no_domain_is_low_there_is_nothing_to_do():
    assert "todo" not in build({"ngo": people(24, q0=5, q1=5, q2=5, q3=5, q9=5)}, {"ngo": 30})


def test_every_question_is_told_with_interval_n_and_dont_know():
    answers = [*people(20), *({"q0": DK, "q1": 4, "q2": 5, "q3": 4, "q9": DK} for _ in range(10))]
    rows = {row[0]: row for row in read(build({"ngo": answers}, {"ngo": 60})["questions"])}
    assert rows["Question q1"][1:3] == ["Trst", "73"]
    assert rows["Question q1"][4:6] == ["30", "0 %"]
    assert rows["Question q0"][4:6] == ["20", "33 %"]
    assert " to " in rows["Question q0"][3]


def test_each_scale_is_drawn_once_with_its_questions_and_its_table(report):
    section = report["questions"]
    picture, table = find(section, Picture), find(section, Table, 1)
    assert len([block for block in section.blocks if isinstance(block, Picture)]) == 1
    assert "5 of 5 questions are shown" in picture.alternative
    assert [row[0] for row in table.table.rows] == [
        "Question q0",
        "Question q9",
        "Question q1",
        "Question q2",
        "Question q3",
    ]


def test_many_questions_are_drawn_in_pieces_that_fit_a_page():
    questions = [make_scored(f"q{n}", f"D{n}") for n in range(20)]
    answers = [{f"q{n}": 2 + (n + place) % 3 for n in range(20)} for place in range(30)]
    section = build({"ngo": answers}, {"ngo": 40}, questions)["questions"]
    sizes = [len(block.table.rows) for block in section.blocks if isinstance(block, Table)][1:]
    assert sizes == [8, 8, 4]


def test_of_few_answers_there_is_a_mean_and_no_distribution():
    section = build({"ngo": people(12)}, {"ngo": 20})["questions"]
    assert read(section)[0][2].isdecimal()
    assert set(read(section, 1)[0][1:]) == {"not shown"}
    assert "no distribution of fewer than 20" in find(section, Picture).svg


def test_clear_differences_are_named_and_the_others_are_called_chance(report):
    section = report["comparisons"]
    assert any("Town: lower than the rest in Goal." in item for item in find(section, Items).items)
    assert "within what chance could produce" in " ".join(b.text for b in section.blocks if isinstance(b, Sentence))
    words = {(row[0], row[1]): row[-1] for row in read(section)}
    assert words["Goal", "Town"] == "lower"
    assert words["Rsrc", "Town"] == "no clear difference"


def test_a_round_without_groups_compares_none():
    assert "comparisons" not in build({"ngo": people(24)}, {"ngo": 30})


def test_reliability_has_its_interval_n_and_method(report):
    rows = {row[0]: row for row in read(report["reliability"])}
    assert rows["Core index"][1:3] == ["5", "36"]
    assert " to " in rows["Core index"][4]
    assert "Spearman-Brown" in rows["Goal"][-1]


def test_rates_are_told_by_group_as_aapor_has_them(report):
    rows = {row[0]: row for row in read(report["rates"])}
    assert rows["Everyone"][1:8] == ["36", "0", "0", "14", "0", "0", "0"]
    assert rows["Town"][8:10] == ["60 %", "60 %"]


def test_an_open_link_has_no_rates_and_no_drawing_of_who_is_missing():
    sections = build({"ngo": people(24)})
    assert "rates" not in sections
    assert not [block for block in sections["response"].blocks if isinstance(block, Picture)]


def test_recommendations_stand_apart_from_the_domains():
    nps = make_question("nps", "nps", channels=("web", "sms"))
    answers = [{**person, "nps": 6 + n % 5} for n, person in enumerate(people(30))]
    section = build({"ngo": answers}, {"ngo": 40}, (*QUESTIONS, nps))["promoters"]
    assert read(section)[0][0] == "Everyone"
    assert "Promoters" in read(section)[0][-1]


def make_results(groups, invited, questions=(*QUESTIONS, EXTRA), **more):
    cases = invite({g: (len(groups.get(g, [])), n) for g, n in invited.items()})
    return build_results(
        make_study(make_definition(*questions), answer_all(groups), cases=cases, labels=groups, **more)
    )


SPRING = make_results({"ngo": people(24, q0=2)}, {"ngo": 30}, round_name="Spring")
AUTUMN = make_results({"ngo": people(24, q0=5)}, {"ngo": 30}, round_name="Autumn")


def test_changes_are_told_with_interval_and_words():
    trend = compare_results(SPRING, AUTUMN)
    report = build_report(replace(AUTUMN, card=trend.card))
    section = next(section for section in report.sections if section.id == "change")
    rows = {row[0]: row for row in read(section)}
    assert section.title == "Since Spring"
    said = [block.text for block in report.sections[0].blocks if isinstance(block, Sentence)]
    assert any(text.startswith("Since Spring: ") and " points, 95 % interval " in text for text in said)
    assert rows["Goal"][2].startswith("+")
    assert rows["Goal"][-1] == "clear rise"
    assert rows["Trst"][-1] == "no clear change"
    chance = next(b.text for b in section.blocks[1:] if b.text.endswith("within what chance could produce."))
    assert "Trst" in chance
    assert "Goal" not in chance, "a clear rise is not called chance"


def test_a_round_that_was_compared_with_none_tells_no_change(report):
    assert not {"change", "trend"} & set(report)


def find_points(earlier, later):
    page = Page(later, tuple(results.card for results in earlier))
    return find_history(page, page.headline().row)


def test_the_trend_joins_rounds_that_ask_the_same():
    points = find_points([SPRING], AUTUMN)
    assert [(p.label, p.state, p.broken) for p in points] == [("Spring", SHOWN, ""), ("Autumn", SHOWN, "")]
    assert [point.n for point in points] == ["24", "24"]


def test_the_trend_breaks_where_the_questions_changed():
    later = make_results({"ngo": people(24)}, {"ngo": 30}, QUESTIONS)
    assert [point.broken for point in find_points([SPRING], later)] == ["", "questions changed"]


def test_the_trend_breaks_where_other_groups_count_alike():
    one = make_results({"ngo": people(24), "town": people(12)}, {"ngo": 30, "town": 20})
    other = make_results({"ngo": people(24), "school": people(12)}, {"ngo": 30, "school": 20})
    assert [point.broken for point in find_points([one], other)] == ["", "other groups"]


def test_where_groups_cannot_be_compared_everybody_is():
    one = make_results({"ngo": people(24), "town": people(12)}, {"ngo": 30, "town": 20}, round_name="Spring")
    other = make_results({"ngo": people(24), "school": people(12)}, {"ngo": 30, "school": 20})
    compared = replace(other, card=compare_results(one, other).card)
    sections = {section.id: section for section in build_report(compared, [one.card]).sections}
    rows = {row[0]: row for row in read(sections["change"])}
    assert rows["Overall"][-1] == "no clear change"
    assert read(sections["trend"])[1][-1] == "no clear change"
    for name in ("overall", "change", "trend"):
        said = " ".join(block.text for block in sections[name].blocks if isinstance(block, Sentence))
        assert re.search("[Ee]very person count(s|ed) alike", said), name


def test_a_round_below_k_is_withheld_in_the_trend_and_not_a_zero():
    few = make_results({"ngo": people(4)}, {"ngo": 30})
    nobody = make_results({}, {"ngo": 30})
    assert [point.state for point in find_points([few, nobody], AUTUMN)] == [SUPPRESSED, EMPTY, SHOWN]


def test_the_rounds_stand_in_one_section_on_the_first_page():
    report = build_report(AUTUMN, [SPRING.card])
    assert [section.id for section in report.sections][:3] == ["overall", "domains", "trend"]
    section = report.sections[2]
    assert [row[0] for row in read(section)] == ["Spring", "Autumn"]
    assert find(section, Table, 1).table.rows[0][1].endswith("(24)")
