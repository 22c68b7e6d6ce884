"""The panels from answers alone: worked examples that no form takes, what is absent, and every form of the report."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from instruments import DEFINITIONS
from study_builders import answer_all, invite, make_definition, make_response, make_scored, make_study
from vectors_file import PLACES, VECTORS

from exports.disclosure import ALL
from exports.scorecards.estimates import OVERALL
from exports.scorecards.formats import FORMATS
from exports.scorecards.panels import PANELS, find_panels, list_panels, name_table, tell_panels
from exports.scorecards.results import build_results
from forms.definition import RosterEntry
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.values import Missing, Row

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KINDS = {"increase": 1, "decrease": 2, "maintain": 3}


def tell(name, answers=None, rows=None, *, team=True, definition=None, **more):
    """Give the results of a round of an instrument that one person filled in."""
    response = make_response(1, None, answers or {}, rows=rows or {}, own_entry=more.pop("own_entry", None))
    study = make_study(definition or DEFINITIONS[name], [response], computed_at=NOON, **more)
    return tell_panels(build_results(study), study, team=team)


def find(results, domain):
    return next(row for row in results.card.rows if row.domain == domain)


def list_rows(*answers):
    return tuple(Row(f"r{place}", one) for place, one in enumerate(answers))


def enter_worked_indicators():
    rows = []
    for name, baseline, target, actual, way, weight, *_ in VECTORS["V16"]["rows"]:
        known = 4 if baseline is None else 3 if baseline == 0 else 1
        rows.append(
            {
                "ia10": name, "ia10_goal": 1, "ia13": KINDS[way], "ia14": known, "ia16": Decimal(target),
                "ia15": Missing.OFF_PATH if known != 1 else Decimal(baseline), "ia17": Decimal(actual),
                "ia17_date": date(2026, 2, 1), "ia18": 3, "ia20": weight,
            }
        )  # fmt: skip
    return {"goals": list_rows({"ia01": "Water"}), "indicators": list_rows(*rows)}


def test_the_worked_indicators_give_the_worked_goal_and_its_strict_version():
    worked, results = VECTORS["V16"], tell("impact_assessment", rows=enter_worked_indicators())
    assert find(results, "goal_1").score == pytest.approx(worked["weighted_capped"], abs=PLACES)
    strict = worked["weighted_capped_strict_excluding_no_baseline"]
    assert find(results, "goal_1_strict").score == pytest.approx(strict, abs=PLACES)
    assert f"{worked['n_scored']} of {worked['n_total']} indicators measured." in find(results, "goal_1").note
    for place, (*_, capped) in enumerate(worked["rows"], start=1):
        row = find(results, f"indicator_{place}")
        assert row.score == (None if capped is None else pytest.approx(capped))
        assert (row.status == "L") is (capped is None)
    assert "moved away" in find(results, "indicator_4").note
    assert "target review" in find(results, "indicator_3").note
    assert find(results, "indicator_6").status == "U"


@pytest.mark.parametrize(
    ("evidence", "said"),
    [(1, "Estimate: nobody has measured it."), (2, "Estimate: based on partner records, not checked."), (3, "")],
)
def test_a_score_on_weak_evidence_says_that_it_is_an_estimate(evidence, said):
    rows = enter_worked_indicators()
    first = replace(rows["indicators"][0], answers=rows["indicators"][0].answers | {"ia18": evidence})
    row = find(tell("impact_assessment", rows=rows | {"indicators": (first,)}), "goal_1")
    assert (row.status, said in row.note) == ("E" if said else "A", True)


def test_a_value_of_an_earlier_period_does_not_count():
    rows = enter_worked_indicators()
    old = replace(rows["indicators"][0], answers=rows["indicators"][0].answers | {"ia17_date": date(2024, 1, 1)})
    row = find(tell("impact_assessment", rows=rows | {"indicators": (old,)}), "indicator_1")
    assert (row.score, row.status) == (None, "L")
    assert "too old" in row.note


def test_of_two_coordinators_the_later_list_of_money_counts():
    def money(amount):
        one = {"sf01_type": 1, "sf01_name": "Aid", "sf01_amount": Decimal(amount), "sf01_currency": "EUR"}
        return {"sf01": list_rows(one | {"sf01_status": 1})}

    early, late = (
        make_response(number, None, {}, rows=money(amount), finished_at=NOON + timedelta(hours=number))
        for number, amount in ((2, 10), (1, 30))
    )
    study = make_study(DEFINITIONS["sustainability_planning"], [late, early], computed_at=NOON)
    results = tell_panels(build_results(study), study)
    assert "Of 10 EUR received or signed." in find(results, "hhi").note


def test_amounts_in_two_currencies_are_never_added_up():
    kinds = [{"sf01_type": n, "sf01_name": "Aid", "sf01_amount": Decimal(5), "sf01_status": 1} for n in (1, 2)]
    rows = {"sf01": list_rows(kinds[0] | {"sf01_currency": "EUR"}, kinds[1] | {"sf01_currency": "KES"})}
    results = tell("sustainability_planning", rows=rows)
    assert [find(results, f"hhi_{code}").score for code in ("EUR", "KES")] == [100, 100]
    assert "without a rate they are not added up" in str(results.panels[0].sections)


@pytest.mark.parametrize("team", [True, False])
@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_with_no_answers_every_instrument_is_told_as_not_collected_in_every_form(name, team):
    study = make_study(DEFINITIONS[name], [], computed_at=NOON)
    results = tell_panels(build_results(study), study, team=team)
    panels = find_panels(study.definition)
    rows = [row for row in results.card.rows if row.panel in {panel.name for panel in panels}]
    assert all(row.score is None and row.status in ("L", "Q") for row in rows)
    for extension in ("html", "csv", "json", "xlsx"):
        assert FORMATS[extension].write(results)
    page = FORMATS["html"].write(results).decode()
    assert len(re.findall(r"<h2", page)) >= 1


def answer_somehow(definition):
    """Give answers to everything outside lists, and two rows for each list, such as nobody would give."""

    def choose(question, place):
        codes = [choice.value for choice in find_type(question.type).choices(question) if not choice.exclusive]
        if codes:
            code = codes[(place + len(question.id)) % len(codes)]
            return (code,) if question.type == "select_multiple" else code
        words = {Kind.DATE: date(2026, 2, 1 + place), Kind.NUMBER: Decimal(place + 1)}
        return words.get(find_type(question.type).kind, f"Ünïcode <b> & “{question.id}” {place} العربية")

    rows = {
        section.id: tuple(Row(str(n), {q.id: choose(q, n) for q in section.questions}, f"Org {n}") for n in (1, 2))
        for section in definition.repeats
    }
    single = [s for s in definition.sections if s.repeat is None]
    return {q.id: choose(q, 0) for section in single for q in section.questions}, rows


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_the_report_of_every_instrument_is_written_in_every_form_with_whatever_was_entered(name):
    answers, rows = answer_somehow(DEFINITIONS[name])
    roster = tuple(RosterEntry(id=str(n), name=f"Org {n}", attributes={"Sector": "ngo"}) for n in range(3))
    results = tell(name, answers, rows, roster=roster, own_entry="0")
    told = [row for panel in results.panels for row in panel.rows]
    assert bool(told) == (name not in ("partnership_feedback", "community_voice"))
    for extension, output in FORMATS.items():
        if extension != "svg":
            assert output.write(results)
    assert FORMATS["pdf"].write(results).startswith(b"%PDF")
    page = FORMATS["html"].write(results).decode()
    assert not re.search(r">(nan|\{\}|\(\))<", page)
    assert "<b> &" not in page, "what people write is never taken for markup"
    assert all(row.note and (row.score is not None or row.n is not None or row.status in "LQU") for row in told)


def test_the_picture_is_that_of_the_panel_where_there_are_no_domains():
    svg = FORMATS["svg"].write(tell("impact_assessment", rows=enter_worked_indicators())).decode()
    assert 'class="chart progress"' in svg


def test_evidence_expires_while_time_goes_on_after_the_close():
    answers = {id_: 3 for id_, q in DEFINITIONS["legal_financial_checklist"].questions.items() if q.score}
    answers["lf01_exp"] = (NOON + timedelta(days=1)).date()
    response = make_response(1, None, answers)
    found = {}
    for days in (0, 2):
        at = NOON + timedelta(days=days)
        study = make_study(DEFINITIONS["legal_financial_checklist"], [response], computed_at=at, as_of=NOON)
        results = tell_panels(build_results(study), study)
        found[days] = [(row.domain, row.score) for row in results.card.rows if row.domain in ("COMPLY", "ROLE")]
        assert {row.panel for row in results.card.rows} == {"comply"}, "nothing is hidden here and shown there"
    assert dict(found[0]) == {"COMPLY": 100, "ROLE": 100}
    assert dict(found[2])["COMPLY"] < 100


@pytest.mark.parametrize(("gates", "band"), [((), "Sustained"), (("Is it signed?",), "Established")])
def test_a_failed_gate_of_the_checklist_keeps_the_overall_out_of_the_highest_band(gates, band):
    definition = make_definition(*(make_scored(f"q{n}", f"D{n}") for n in range(10)))
    people = [{f"q{n}": 4 + (place % 4 > 0) for n in range(10)} for place in range(30)]
    study = make_study(definition, answer_all({"ngo": people}), cases=invite({"ngo": (30, 40)}), failed_gates=gates)
    row = next(row for row in build_results(study).card.rows if (row.domain, row.group) == (OVERALL, ALL))
    assert row.band == band
    assert ("Is it signed?" in row.note) is bool(gates)


def test_a_register_is_told_while_it_is_open():
    answers, rows = answer_somehow(DEFINITIONS["joint_action_plan"])
    assert find(tell("joint_action_plan", answers, rows, closed=False), "ON_TIME").n is not None


def test_an_instrument_without_the_questions_is_told_as_not_collected():
    definition = DEFINITIONS["impact_assessment"]
    kept = tuple(section for section in definition.sections if section.id != "indicators")
    variant = replace(definition, sections=kept)
    assert find_panels(variant) == []
    assert [panel.name for panel in list_panels(variant)] == ["impact"]
    row = find(tell("", definition=variant), "IMPACT")
    assert (row.status, row.note) == ("L", PANELS[0].lack(make_study(variant, [])).rows[0].note)
    assert "does not ask ia10" in row.note


def test_a_question_that_a_variant_leaves_out_is_not_collected_and_the_rest_is_told():
    definition = DEFINITIONS["sustainability_planning"]
    sections = tuple(
        replace(section, questions=tuple(q for q in section.questions if q.id != "sf02"))
        for section in definition.sections
        if section.id != "sk01"
    )
    results = tell("", definition=replace(definition, sections=sections))
    assert (find(results, "runway").status, find(results, "funding").status) == ("L", "L")


@pytest.mark.parametrize(("raters", "told"), [(2, False), (3, True)])
def test_peers_are_rated_by_three_or_nobody_is_told_anything(raters, told):
    roster = tuple(RosterEntry(id=str(n), name=f"Org {n}") for n in range(5))
    rated = {"sn01": 3, "sn03": 5, "sn04": 1}
    responses = [
        make_response(
            by,
            None,
            {},
            own_entry=str(by),
            rows={"org": tuple(Row(e.id, rated if e.id == "0" else {"sn01": 0}) for e in roster if e.id != str(by))},
        )
        for by in range(1, 1 + raters)
    ]
    study = make_study(DEFINITIONS["stakeholder_network"], responses, computed_at=NOON, roster=roster)
    results = tell_panels(build_results(study), study, team=True)
    row = find(results, "trust_1")
    assert (row.score, row.n, row.status) == ((100, 3, "A") if told else (None, None, "Q"))
    assert (find(results, "trust_2").status, find(results, "trust_2").n) == ("L", 0), "nobody is not too few"
    assert ("5.0 (3)" in str(results.panels[0].sections)) is told


def test_a_network_is_told_after_the_close_and_needs_organisations():
    entry = RosterEntry(id="1", name="Org")
    open_ = tell("stakeholder_network", roster=(entry,) * 3, closed=False)
    assert find(open_, "NETWORK").note == "Told when the round is closed."
    lost = tell("stakeholder_network", roster=tuple(RosterEntry(id=str(n), name="O") for n in range(3)))
    assert "anonymous rounds have no network" in find(lost, "NETWORK").note


def test_tables_of_the_pack_are_called_what_they_hold():
    called = {
        name: [name_table(definition, section.id) for section in definition.repeats]
        for name, definition in DEFINITIONS.items()
        if definition.repeats
    }
    assert called["impact_assessment"] == ["goals", "indicators"]
    assert called["sustainability_planning"] == ["funding", "inkind"]
    assert (called["stakeholder_mapping"], called["stakeholder_network"]) == (["stakeholders"], ["ties"])
    assert called["joint_action_plan"] == ["milestones"]
