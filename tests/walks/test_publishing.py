"""The walk of a round: published at the console, answered on the web and by text, closed, taken away as files."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from statistics import fmean

import pytest
from phones import Phone
from respondents import Respondent
from staff import download, enter, post

PATH = "/console/rounds/new/partnership_feedback"
PEOPLE = "name,phone,email,group\nAmina,+12025550101,,community\n" + "".join(
    f"Person {n},,p{n}@example.org,community\n" for n in range(1, 6)
)
WISHES = {
    "key": "walk",
    "name": "Été 2026",
    "parameter_partnership": "River Valley",
    "confidentiality": "confidential",
    "timezone": "Africa/Nairobi",
    "contacts": PEOPLE,
    "keyword": "VALLEY",
}
BY_TEXT = ("hello", "YES", "2", "2", "2", "2", "2", "2", "7", "SKIP", "2")


def answer_everything(respondent: Respondent, code: str) -> None:
    """Give this code wherever it is offered, else the first choice, until the receipt stands there."""
    for _ in range(20):
        page = respondent.page.text
        if 'id="receipt"' in page:
            return
        if "section=review" in page or 'name="section" value="review"' in page:
            respondent.send("submit")
            continue
        offered: dict[str, list[str]] = {}
        for name, value in re.findall(r'type="(?:radio|checkbox)" name="(\w+)" value="([^"]+)"', page):
            offered.setdefault(name, []).append(value)
        respondent.send(
            **{
                name: "1" if name == "pfc" else code if code in values else values[0]
                for name, values in offered.items()
            }
        )
    pytest.fail(f"no receipt: {respondent.text}")


def find_links(coordinator, round_path: str) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(post(coordinator, f"{round_path}/links.csv").text))
    return {row["name"]: row["link"].removeprefix("http://localhost") for row in rows}


def test_a_round_from_the_console_to_the_files(wsgi, database):
    coordinator = enter(wsgi.test_client(), database)
    assert "Review “Été 2026”" in post(coordinator, PATH, **WISHES).text
    round_path = post(coordinator, PATH, **WISHES, action="publish").location.partition("?")[0]

    links = find_links(coordinator, round_path)
    for number in range(1, 6):
        answer_everything(Respondent(wsgi.test_client(), links[f"Person {number}"]), str(number))
    phone = Phone(database, "+12025550101", now=datetime.now(UTC))
    phone.texts(*BY_TEXT)

    summary = coordinator.get(round_path).text
    assert "<b>6</b> complete, <b>0</b> in progress, <b>1</b> by SMS" in summary
    assert "6 of 6 (100&nbsp;%)" in summary
    assert "(Africa/Nairobi)" in summary

    assert post(coordinator, f"{round_path}/close", name="Été 2026").status_code == 303
    assert "Closed" in coordinator.get(round_path).text

    evaluator = enter(wsgi.test_client(), database, "evaluator")
    file = download(evaluator, round_path, language="fr", why="external evaluation")
    name = re.search(r'filename="([^"]+)"', file.headers["Content-Disposition"])[1]
    assert re.fullmatch(r"ete_2026_partnership_feedback_v[\w.]+_codes_fr_\d{8}-\d{4}Z\.csv", name)
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert len(rows) == 6
    assert {row["disposition"] for row in rows} == {"I"}
    assert sorted(row["channel_first"] for row in rows) == ["sms"] + ["web"] * 5
    for secret in ("Amina", "Person", "example.org", "+12025550101"):
        assert secret not in file.text

    card = evaluator.get(f"{round_path}/scorecard.json").get_json()
    goal = next(row for row in card["rows"] if (row["domain"], row["group"]) == ("GOAL", "all"))
    by_hand = fmean((int(row["pf01"]) - 1) / 4 * 100 for row in rows)
    assert goal["n"] == 6
    assert goal["score"] == pytest.approx(by_hand)
    assert evaluator.get(f"{round_path}/scorecard.html").text.startswith("<!doctype html>")
    assert evaluator.get(f"{round_path}/scorecard.csv").text.startswith("partnership,round,panel,")
    assert 'class="scorecard"' in evaluator.get(f"{round_path}/results").text


def test_an_unfinished_answer_counts_as_in_progress_and_its_page_is_gone_after_the_close(wsgi, database):
    coordinator = enter(wsgi.test_client(), database)
    round_path = post(coordinator, PATH, **WISHES, action="publish").location.partition("?")[0]
    link = find_links(coordinator, round_path)["Person 1"]
    respondent = Respondent(wsgi.test_client(), link)
    respondent.send(pfc="1")
    assert "<b>0</b> complete, <b>1</b> in progress" in coordinator.get(round_path).text
    people = coordinator.get(f"{round_path}/people?state=started").text
    assert "Person 1" in people
    assert "Person 2" not in people
    post(coordinator, f"{round_path}/close", name="Été 2026")
    assert wsgi.test_client().get(link).status_code == 410
    post(coordinator, f"{round_path}/reopen")
    assert wsgi.test_client().get(link).status_code == 200
