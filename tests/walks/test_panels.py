"""The walk from answers to panels: instruments filled in on the web, closed, and read as the console and files tell."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from builders import INSTRUMENTS, find_token, publish
from filling import fill
from frictionless import Package
from frictionless import system as frictionless_system
from instruments import DEFINITIONS, publish_instrument
from respondents import Respondent, forget_request
from staff import enter
from surveyapp_command import run as run
from vectors_file import PLACES, VECTORS

from surveyapp.services.exporting import build_study
from surveyapp.services.rosters import read_roster
from surveyapp.services.rounds import close_round, find_round

TODAY = datetime.now(UTC).date()
STAFF_ONLY = "Shown to the coordinating team only"


def close(database, round_):
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=datetime.now(UTC))


def answer(app, database, name, *filled, called=""):
    """Publish an instrument, have each of `filled` (answers, rows) fill it in, and close it."""
    round_ = publish_instrument(database, name, called=called or name)
    for answers, rows in filled:
        fill(name, Respondent(app.test_client(), f"/r/{round_.code}"), answers, rows)
    close(database, round_)
    return round_


def read(run, tmp_path, round_, *options):
    """Give the rows of the tidy table by domain, as the command writes them."""
    output = tmp_path / "scorecard.json"
    code, *said = run("scorecard", round_.code, "--format", "json", "--output", output, *options)
    assert code == 0, said
    return {(row["panel"], row["domain"]): row for row in json.loads(output.read_text("utf-8"))["rows"]}


def test_an_impact_assessment_is_told_by_goal_by_indicator_and_by_sdg(app, visitor, database, run, tmp_path):
    usual = {
        "ia10_goal": 1, "ia12": 2, "ia13": 1, "ia14": 1, "ia15": 0, "ia15_date": TODAY - timedelta(days=200),
        "ia16_date": TODAY + timedelta(days=200), "ia17_date": TODAY, "ia18": 3, "ia24": 1, "ia22": 100, "ia23": 50,
    }  # fmt: skip
    capped, weights, goals = (VECTORS["V17"][key] for key in ("capped", "w", "tags"))
    indicators = [
        usual | {"ia10": name, "ia16": 100, "ia17": capped[name], "ia20": weights[name], "ia21": goals[name]}
        for name in capped
    ]
    rows = {"goals": [{"ia01": "Clean water", "ia02": 1}], "indicators": indicators}
    round_ = answer(app, database, "impact_assessment", ({"ia30": 4, "ia32": 3, "ia31": "A secret story"}, rows))
    found = read(run, tmp_path, round_)
    for mode in ("split", "flag"):
        for sdg in ("4", "6"):
            worked = VECTORS["V17"][mode][sdg]
            expected = worked["ach"] if mode == "split" else worked
            assert found["impact", f"sdg_{sdg}_{mode}"]["score"] == pytest.approx(expected, abs=PLACES)
    assert found["impact", "sdg_17_split"]["score"] is None, "one indicator is no score of a goal"
    whole = sum(capped[name] * weights[name] for name in capped) / sum(weights.values())
    for domain in ("IMPACT", "goal_1", "goal_1_strict"):
        assert found["impact", domain]["score"] == pytest.approx(whole)
    assert (found["impact", "goal_1"]["source"], found["impact", "goal_1"]["status"]) == ("record", "A")
    assert found["impact", "indicator_1"]["band"] == "on track"
    assert "1 a bad one. The most serious bad effect: medium." in found["impact", "unplanned"]["note"]
    enter(visitor, database, "evaluator")
    page = visitor.get(f"/console/rounds/{round_.id}/results").text
    assert "Impact by goal" in page
    assert 'class="chart progress"' in page
    assert "Contribution to the SDGs" in page
    assert "A secret story" not in page, "what people wrote waits for somebody to read it"


def test_a_stakeholder_map_is_the_mean_of_its_raters_and_for_the_team_alone(app, visitor, database, run, tmp_path):
    ratings = {
        "Municipality": ((4, 5, 4), (4, 4, 3), (4, 4, 4), (2, 2, 2)),
        "Bank CSR": ((4, 4, 4), (2, 2, 2), (3, 3, 2), (1, 2, 1)),
        "Women group": ((2, 3, 2), (5, 5, 4), (4, 5, 4), (5, 5, 4)),
        "University": ((2, 2, 2), (2, 3, 2), (4, 4, 3), (1, 1, 1)),
    }
    filled = [
        {
            "stakeholder": [
                {"sm01": name.upper() if rater else name, "sm10": 1 if name == "Municipality" else 4}
                | {f"sm0{5 + place}": own[rater] for place, own in enumerate(values)}
                for name, values in ratings.items()
            ]
        }
        for rater in range(3)
    ]
    round_ = answer(app, database, "stakeholder_mapping", *(({}, rows) for rows in filled))
    assert read(run, tmp_path, round_)["map", "MAP"]["status"] == "Q"
    found = read(run, tmp_path, round_, "--team")
    told = [row for (panel, domain), row in found.items() if domain.startswith("stakeholder_")]
    for worked, row in zip(VECTORS["V19"], told, strict=True):
        assert row["note"].startswith(f"{worked['name']}: influence {worked['influence']}")
        assert f"interest {worked['interest']}" in row["note"]
        assert (row["band"], row["n"]) == (worked["quadrant"].replace("_", " "), 3)
        assert worked["salience"] not in row["note"], "the classes describe people; the words are neutral"
    assert "gap" in told[0]["note"]
    enter(visitor, database, "evaluator")
    page = visitor.get(f"/console/rounds/{round_.id}/results").text
    assert STAFF_ONLY in page
    assert "Municipality" not in page
    coordinator = app.test_client()
    forget_request()
    enter(coordinator, database, "coordinator")
    page = coordinator.get(f"/console/rounds/{round_.id}/results").text
    assert "Municipality" in page
    assert 'class="chart grid-map"' in page
    assert "Needs an ally".lower() in page.lower()


TYPES = {"A": "ngo", "B": "gov", "C": "ngo", "D": "community", "E": "corporate"}


def answer_network(app, database, name="network", silent=("E",)):
    nodes = VECTORS["V15"]["nodes"]
    roster = "name,Type\n" + "".join(f"Org {node},{TYPES[node]}\n" for node in nodes)
    people = "name,email,organisation\n" + "".join(f"P{n},{n.lower()}@example.org,org {n}\n" for n in nodes)
    round_ = publish(
        database,
        definition=(INSTRUMENTS / "stakeholder_network.json").read_bytes(),
        contacts=people,
        roster=read_roster(roster),
        now=datetime.now(UTC),
        name=name,
    )
    numbers = {node: place for place, node in enumerate(nodes, start=1)}
    for by in nodes:
        if by not in silent:
            ties = {pair[2]: code for pair, code in VECTORS["V15"]["ties"].items() if pair[0] == by}
            answers = {f"org-{numbers[of]}-sn01": code for of, code in ties.items()}
            answers |= {f"org-{numbers[of]}-sn03": 4 for of in ties} | {"snc": 1, "sn05": "Nobody"}
            respondent = Respondent(app.test_client(), f"/a/{find_token(database, round_, f'P{by}')}")
            fill("stakeholder_network", respondent, answers)
    close(database, round_)
    return round_


def test_a_network_is_the_worked_one_and_peers_are_rated_only_by_three(app, database, run, tmp_path):
    round_, worked = answer_network(app, database), VECTORS["V15"]
    assert set(read(run, tmp_path, round_)) == {("network", "NETWORK")}
    found = {domain: row for (_, domain), row in read(run, tmp_path, round_, "--team").items()}
    for domain, expected in (
        ("density", worked["density_obs"]),
        ("reciprocity", worked["dyad_reciprocity"]),
        ("reciprocity_arcs", worked["arc_reciprocity"]),
        ("centralisation", worked["degree_centralization"]),
        ("external_internal", worked["EI_index"]),
        *((f"named_{n}", worked["in_degree_norm"][node]) for n, node in enumerate("ABCDE", start=1)),
    ):
        assert found[domain]["score"] == pytest.approx(100 * expected, abs=100 * PLACES)
    raters = {node: sum(code >= 1 for pair, code in worked["ties"].items() if pair[2] == node) for node in "ABCDE"}
    assert max(raters.values()) < 3
    assert {found[f"trust_{n}"]["status"] for n in range(1, 6)} == {"Q"}
    assert found["trust_1"]["n"] is None


def test_below_seventy_percent_a_network_is_counts_alone(app, database, run, tmp_path):
    round_ = answer_network(app, database, silent=("C", "D", "E"))
    found = {domain: row for (_, domain), row in read(run, tmp_path, round_, "--team").items()}
    assert found["answered"]["score"] == pytest.approx(40)
    assert (found["density"]["score"], found["density"]["status"]) == (None, "U")
    assert "reciprocity" not in found


@pytest.mark.parametrize(("level", "named"), [("restricted", True), ("research", False)])
def test_the_pack_has_the_network_as_nodes_and_ties(app, database, run, tmp_path, level, named):
    round_ = answer_network(app, database)
    output = tmp_path / "pack.zip"
    assert run("export", round_.code, "--format", "pack", "--level", level, "--output", output)[0] == 0
    with zipfile.ZipFile(output) as pack:
        pack.extractall(tmp_path / "pack")
        nodes = list(csv.DictReader(io.StringIO(pack.read("data/stakeholders.csv").decode())))
        ties = list(csv.DictReader(io.StringIO(pack.read("data/ties.csv").decode())))
        card = pack.read("scorecard/scorecard.csv").decode()
        resources = json.loads(pack.read("datapackage.json"))["resources"]
    keys = {resource["path"]: resource["schema"].get("foreignKeys") for resource in resources}
    with frictionless_system.use_context(trusted=True):
        report = Package(str(tmp_path / "pack" / "datapackage.json")).validate()
    assert report.flatten(["name", "type", "message"]) == []
    by = {node["response_id"]: node["id"] for node in nodes if node["response_id"]}
    arcs = {(by[tie["response_id"]], tie["row"]) for tie in ties if int(tie["sn01"]) >= 2}
    assert len(arcs) == VECTORS["V15"]["n_arcs"]
    assert [node["name"] for node in nodes] == [f"Org {node}" if named else "" for node in "ABCDE"]
    assert ("Org A" in card) is named
    assert {"fields": ["row"], "reference": {"resource": "stakeholders", "fields": ["id"]}} in keys["data/ties.csv"]


def codes(name, code):
    return {id_: code for id_, question in DEFINITIONS[name].questions.items() if question.score}


def test_a_formation_checklist_is_the_worked_one_and_a_gate_stops_it(app, database, run, tmp_path):
    scored = codes("formation_checklist", 3)
    gates = {"fc01", "fc09", "fc11"}
    others = [id_ for id_ in scored if id_ not in gates]
    partly = dict.fromkeys(others[8:11], 2) | {others[11]: 1, others[12]: "-97"}
    round_ = answer(app, database, "formation_checklist", (scored | partly, {}))
    row = read(run, tmp_path, round_)["ready", "READY"]
    assert row["score"] == pytest.approx(VECTORS["V26"]["score"], abs=PLACES)
    assert (row["band"], row["source"], row["n"]) == ("Ready", "self", 1)
    stopped = answer(app, database, "formation_checklist", (scored | {"fc11": 1}, {}), (scored, {}), called="Second")
    found = read(run, tmp_path, stopped)
    assert found["ready", "READY"]["band"] == "Stop: resolve first"
    assert "free of conflicts of interest" in found["ready", "READY"]["note"]
    assert found["ready", "checklist_2"]["band"] in ("Ready", "Stop: resolve first")


def test_expired_evidence_counts_as_partly_and_is_listed(app, visitor, database, run, tmp_path):
    dates = {f"{id_}_exp": TODAY + timedelta(days=90) for id_ in codes("legal_financial_checklist", 3)}
    answers = codes("legal_financial_checklist", 3) | dates | {"lf01_exp": TODAY - timedelta(days=3)}
    round_ = answer(app, database, "legal_financial_checklist", (answers, {}))
    row = read(run, tmp_path, round_)["comply", "COMPLY"]
    weights = [q.score.weight for q in DEFINITIONS["legal_financial_checklist"].questions.values() if q.score]
    assert row["score"] == pytest.approx(100 * (sum(weights) - 1) / sum(weights)), "lf01 weighs 2 and counts half"
    assert (row["band"], row["source"]) == ("Conditional", "record")
    assert "Expired, counted as partly: Has the legal status" in row["note"]
    enter(visitor, database, "evaluator")
    page = visitor.get(f"/console/rounds/{round_.id}/results").text
    assert "Evidence that has expired" in page
    assert "not legal advice" in page


def test_a_gate_answered_no_holds_back_rounds_that_go_on_after_it_and_no_others(app, database):
    before = answer(app, database, "community_voice", called="Before")
    earlier = answer(app, database, "sustainability_planning", called="Earlier")
    no = codes("legal_financial_checklist", 3) | {"lf03": 1}
    answer(app, database, "legal_financial_checklist", (no, {}))
    later = answer(app, database, "sustainability_planning", called="Later")
    with database.reading() as session:
        gates = {
            round_.name: build_study(session, find_round(session, round_.code), datetime.now(UTC)).failed_gates
            for round_ in (before, earlier, later)
        }
    assert gates == {"Before": (), "Earlier": (), "Later": ("Is a written agreement signed by all partners?",)}


def plan(name="sustainability_planning"):
    amounts = VECTORS["V14a"]["amounts"].values()
    money = [
        {"sf01_type": kind, "sf01_name": f"Source {kind}", "sf01_amount": amount, "sf01_currency": "kes",
         "sf01_status": 1 + kind % 2}
        for kind, amount in enumerate(amounts, start=1)
    ]  # fmt: skip
    money.append({**money[0], "sf01_name": "Only pledged", "sf01_status": 3})
    gift = {"sk01_kind": 1, "sk01_giver": "Youth", "sk01_value": 25000, "sk01_currency": "KES", "sk01_how": "By hour"}
    return {"sf01": money, "sk01": [gift]}


def test_resources_are_the_worked_ones_and_two_coordinators_do_not_double_them(app, database, run, tmp_path):
    filled = [(codes("sustainability_planning", 4) | {"sf02": months}, plan()) for months in (6, 9)]
    round_ = answer(app, database, "sustainability_planning", *filled)
    told = read(run, tmp_path, round_)
    found = {domain: row["score"] for (panel, domain), row in told.items() if panel == "resources"}
    worked = VECTORS["V14a"]
    for domain, expected in (
        ("hhi", worked["hhi"]),
        ("diversity_raw", worked["div"]),
        ("diversity", worked["norm_m8"]),
        ("largest", worked["largest_share"]),
        ("inkind", 0.2),
    ):
        assert found[domain] == pytest.approx(100 * expected, abs=100 * PLACES)
    assert found["effective"] == pytest.approx(worked["eff_sources"], abs=PLACES)
    assert found["runway"] == 7.5


def test_stakeholders_and_self_rating_stand_side_by_side_with_the_gap(app, visitor, database, run, tmp_path):
    own = answer(app, database, "sustainability_planning", *[(codes("sustainability_planning", 5), {})] * 3)
    people = [(codes("partnership_feedback", 2) | {"pf01": 2 + n % 2}, {}) for n in range(6)]
    voice = answer(app, database, "partnership_feedback", *people)
    found = read(run, tmp_path, own, "--beside", voice.code)
    row = found["gap", "GOAL"]
    assert row["note"].startswith("Self-rated by 3 coordinators; stakeholders rate this ")
    assert row["score"] == pytest.approx(95 - 37.5), "three fives are told as 95 or more"
    assert row["band"] == "to talk about"
    enter(visitor, database, "evaluator")
    page = visitor.get(f"/console/rounds/{own.id}/results").text
    assert re.search(rf'<option value="{voice.id}">', page)
    page = visitor.get(f"/console/rounds/{voice.id}/results?beside={own.id}").text
    assert "Stakeholders and self-rating" in page
    assert 'class="chart views"' in page
    assert visitor.get(f"/console/rounds/{voice.id}/results?beside={voice.id}").status_code == 409
    for extension in ("pdf", "xlsx"):
        assert visitor.get(f"/console/rounds/{voice.id}/scorecard.{extension}?beside={own.id}").status_code == 200


def test_milestones_on_time_are_counted_of_those_that_were_due(app, database, run, tmp_path):
    ago = [TODAY - timedelta(days=days) for days in range(100)]
    milestones = [
        {"milestone_id": f"M{n}", "start": ago[90], "due": due, "status": status, "done_date": done}
        for n, (due, status, done) in enumerate(
            [
                (ago[10], 3, ago[20]), (ago[10], 3, ago[10]), (ago[10], 3, ago[5]), (ago[10], 4, ""), (ago[9], 2, ""),
                (ago[8], 5, ""), (TODAY + timedelta(days=5), 3, ago[1]),
            ],
            start=1,
        )
    ]  # fmt: skip
    round_ = answer(app, database, "joint_action_plan", ({}, {"milestones": milestones}))
    row = read(run, tmp_path, round_)["actions", "ON_TIME"]
    assert (row["score"], row["n"], row["ci_method"]) == (pytest.approx(40), 5, "Wilson")
    assert "1 were done late" in row["note"]


def test_the_win_rate_is_of_what_was_decided_and_the_pipeline_is_apart(app, database, run, tmp_path):
    stages = [(4, 1000), (4, 500), (5, 900), (1, 200), (3, 300), (3, 400), (6, 50)]
    sources = [
        {"source_name": f"S{n}", "stage": stage, "ask": ask, "currency": "EUR", "amount_won": ask,
         "deadline": TODAY, "decision_date": TODAY}
        for n, (stage, ask) in enumerate(stages)
    ]  # fmt: skip
    round_ = answer(app, database, "resource_mobilization_plan", ({}, {"sources": sources}))
    found = read(run, tmp_path, round_)
    assert found["mobilization", "WIN_RATE"]["score"] == pytest.approx(200 / 3)
    assert {d: r["score"] for (_, d), r in found.items() if d.startswith("pipe")} == {
        "pipeline_1_EUR": 200,
        "pipeline_3_EUR": 700,
    }
