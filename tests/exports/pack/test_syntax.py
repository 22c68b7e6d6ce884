"""The syntax files read the pack's text files and label them as the binary files are labelled."""

import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from export_files import ABSENT, GIVEN, KINDS, write_file
from study_builders import make_response, make_study, text

NASTY = "one\ntwo\t'three' \"four\" ```five`` $six, =1+1"


PROGRAM = """INSERT FILE='spss/responses.sps'.
FREQUENCIES /VARIABLES=clear gains__1 change__st.
LIST /VARIABLES=change people idea.
"""


@pytest.fixture
def pack(tmp_path):
    question = replace(KINDS.questions["clear"], label=text("It's `clear', isn't it? \"yes\" $x"))
    questions = (question, *(q for q in KINDS.questions.values() if q.id != "clear"))
    definition = replace(KINDS, sections=(replace(KINDS.sections[0], questions=questions),))
    people = [make_response(1, "ngo", {**GIVEN, "idea": NASTY}), make_response(2, None, ABSENT)]
    with zipfile.ZipFile(io.BytesIO(write_file(make_study(definition, people), "pack", level="restricted"))) as archive:
        archive.extractall(tmp_path)
    return tmp_path


@pytest.mark.skipif(not shutil.which("pspp") and not os.environ.get("CI"), reason="PSPP is not installed")
def test_pspp_reads_the_text_file_by_the_syntax(pack):
    (pack / "look.sps").write_text(PROGRAM)
    ended = subprocess.run(
        ["pspp", "-O", "format=csv", "look.sps"],
        capture_output=True,
        text=True,
        cwd=pack,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert "warning" not in ended.stdout
    assert "Valid,Point 4,1,50.0%,100.0%,100.0%" in lines
    assert "Missing,Don't know,1,50.0%,," in lines
    assert any(line.startswith("-2.5") and "one two 'three'" in line for line in lines)


def test_stata_commands_keep_quotes_and_macros_out_of_labels(pack):
    lines = (pack / "stata" / "responses.do").read_text(encoding="utf-8").splitlines()
    assert "label variable clear `\"It's 'clear', isn't it? 'yes' \\$x\"'" in lines
    assert any(line.startswith("mvdecode clear, mv(-99=.r") for line in lines)
    assert not any(line.startswith("mvdecode change,") for line in lines)
    assert "  .d `\"Don't know\"' ///" in lines
