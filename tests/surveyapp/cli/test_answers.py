"""`surveyapp answers import`: exit 0 and a report, or 1 and a line for each fault."""

from __future__ import annotations

import json

from respondents import ask, find_interviews, publish_small
from surveyapp_command import run as run

QUESTIONS = [ask("who", "select_one", required=True), ask("idea")]
GOALS = {"id": "goals", "repeat": {"over": "entries", "label": "goal"}, "questions": [ask("goal")]}


def test_a_file_and_its_rows_beside_are_imported_once(database, run, tmp_path):
    publish_small(database, {"id": "one", "questions": QUESTIONS}, GOALS, name="Paper")
    path = tmp_path / "answers.csv"
    path.write_text("response_id,who,idea\na,1,x\nb,Label 2,\n")
    (tmp_path / "answers.goals.csv").write_text("response_id,goal\na,Water\n")
    command = ("answers", "import", "Paper", str(path), "--json")
    code, out, _ = run(*command, "--dry-run")
    assert (code, json.loads(out)["new"], find_interviews(database)) == (0, 2, [])
    for new, unchanged in ((2, 0), (0, 2)):
        code, out, _ = run(*command)
        assert (code, json.loads(out)["new"], json.loads(out)["unchanged"]) == (0, new, unchanged)
    assert len(find_interviews(database)) == 2


def test_faults_are_lines_on_standard_error(database, run, tmp_path):
    publish_small(database, {"id": "one", "questions": QUESTIONS}, name="Paper")
    path = tmp_path / "answers.jsonl"
    path.write_text('{"who": 7}\n{"idea": "x"}\nnonsense\n')
    code, _, err = run("answers", "import", "Paper", str(path))
    assert (code, err.splitlines()[1][:5]) == (1, "row 3")
    path.write_text('{"who": 7}\n{"idea": "x"}\n')
    code, _, err = run("answers", "import", "Paper", str(path))
    assert [line.split(":")[0] for line in err.splitlines()[1:]] == ["row 1, who", "row 2, who"]
