import csv
import io
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from study_builders import DK, NOON, make_definition, make_question, make_response, make_study, text

from exports import columns
from exports.formats import FORMATS
from exports.options import Options
from exports.table import FACTS, build_table
from forms.definition import Choice
from forms.values import Missing

YES_NO = (Choice(1, text("Yes")), Choice(2, text("No")))
DEFINITION = make_definition(
    make_question("hello", "note"),
    make_question("agree", "consent", choices=YES_NO),
    make_question("clear"),
    make_question("gains", "select_multiple"),
    make_question("change", "decimal"),
    make_question("idea", "text"),
    domains=("D",),
)
ANSWERS = {"agree": 1, "clear": 4, "gains": (1, 3), "change": Decimal("-2.50"), "idea": "=HYPERLINK(1)"}


def build_header(definition):
    return build_table(make_study(definition, [])).header


def write(*responses, definition=DEFINITION, **options):
    stream = io.BytesIO()
    facts = {name: options.pop(name) for name in ("round_name", "closed") if name in options}
    FORMATS["csv"].write(make_study(definition, responses, **facts), stream, Options(**options))
    return stream.getvalue()


def read(*responses, **options):
    return list(csv.DictReader(io.StringIO(write(*responses, **options).decode("utf-8"), newline="")))


def test_the_columns_are_the_published_ones_and_then_the_questions_in_order():
    assert FACTS == (
        "response_id",
        "round",
        "definition_version",
        "group",
        "channel_first",
        "channel_last",
        "language",
        "disposition",
        "started_at",
        "finished_at",
    )
    gains = [f"gains__{code}" for code in range(1, 6)]
    assert build_header(DEFINITION) == [*FACTS, "agree", "clear", *gains, "change", "change__st", "idea"]


def test_columns_come_from_the_definition_even_when_nobody_answered():
    assert write().decode().strip().split(",") == build_header(DEFINITION)


def test_a_row_has_codes_numbers_and_guarded_text():
    row = read(make_response(1, "ngo", ANSWERS))[0]
    assert (row["clear"], row["gains__1"], row["gains__2"], row["change"]) == ("4", "1", "0", "-2.50")
    assert row["idea"] == "'=HYPERLINK(1)"
    assert (row["response_id"], row["round"], row["group"]) == ("r00001", "Autumn", "ngo")


def test_missing_codes_stay_numbers():
    answers = dict.fromkeys(ANSWERS, DK) | {"idea": Missing.REFUSED}
    row = read(make_response(1, None, answers))[0]
    assert (row["clear"], row["gains__1"], row["gains__5"], row["idea"]) == ("-98", "-98", "-98", "-99")
    assert (row["change"], row["change__st"], row["group"]) == ("", "-98", "")


def test_labels_stand_in_place_of_codes_and_say_dont_know_in_words():
    row = read(make_response(1, "ngo", ANSWERS | {"clear": DK}), shown="labels")[0]
    assert (row["agree"], row["clear"], row["gains__1"]) == ("Yes", "Don't know", "1")
    row = read(make_response(1, "ngo", ANSWERS | {"clear": Missing.OFF_PATH}), shown="labels")[0]
    assert (row["clear"], row["change"]) == ("-95", "-2.50")


def test_a_label_that_looks_like_a_formula_is_guarded():
    risky = replace(DEFINITION.questions["clear"], choices=(Choice(1, text("+1 a week")), Choice(2, text("None"))))
    definition = make_definition(risky, domains=("D",))
    row = read(make_response(1, None, {"clear": 1}), definition=definition, shown="labels")[0]
    assert row["clear"] == "'+1 a week"


def test_names_of_rounds_and_groups_are_guarded():
    row = read(make_response(1, "@all", ANSWERS), round_name="=1+1")[0]
    assert (row["round"], row["group"]) == ("'=1+1", "'@all")


def test_times_are_iso_in_utc_with_their_offset():
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    row = read(make_response(1, None, ANSWERS, started_at=there, finished_at=NOON))[0]
    assert (row["started_at"], row["finished_at"]) == ("2025-11-20T12:00:00+00:00", "2025-11-20T12:00:00+00:00")


def _many():
    unfinished = {"finished_at": None}
    return (
        make_response(1, None, ANSWERS),
        make_response(2, None, ANSWERS, disposition="P", **unfinished),
        make_response(3, None, ANSWERS, disposition="R", **unfinished),
        make_response(4, None, ANSWERS, disposition="pending", **unfinished),
        make_response(5, None, dict.fromkeys(ANSWERS, Missing.NOT_REACHED), disposition="R", **unfinished),
        make_response(6, None, dict.fromkeys(ANSWERS, Missing.OFF_PATH) | {"agree": 2}, disposition="R"),
    )


def test_in_the_table_are_the_finished_and_everything_that_scores_are_made_of():
    assert [row["response_id"] for row in read(*_many())] == ["r00001", "r00002", "r00006"]


def test_on_request_every_other_interview_with_an_answer_comes_too():
    rows = read(*_many(), included="all")
    assert [row["response_id"] for row in rows] == ["r00001", "r00002", "r00003", "r00004", "r00006"]
    assert rows[2]["finished_at"] == ""


def test_lines_commas_quotes_and_other_scripts_come_back_as_they_were():
    words = 'one, "two"\nthree ۴ 🌍'
    assert read(make_response(1, None, ANSWERS | {"idea": words}))[0]["idea"] == words


def test_one_odd_character_never_ends_an_export():
    rows = read(make_response(1, None, ANSWERS | {"idea": "a\ud800b"}), make_response(2, None, ANSWERS))
    assert [row["idea"] for row in rows] == ["a?b", "'=HYPERLINK(1)"]


def test_the_same_answers_give_the_same_bytes():
    assert write(make_response(1, "ngo", ANSWERS)) == write(make_response(1, "ngo", ANSWERS))
    assert write(make_response(1, "ngo", ANSWERS)).endswith(b"\r\n")


def test_memory_stays_flat_because_rows_are_written_as_they_come(monkeypatch):
    monkeypatch.setattr(columns, "LENGTH", 400)
    taken, written, peak = 0, 0, 0

    def stream_people():
        nonlocal taken, peak
        for number in range(5_000):
            taken += 1
            peak = max(peak, taken - written)
            yield make_response(number, None, ANSWERS)

    class Watching(io.RawIOBase):
        def writable(self):
            return True

        def write(self, piece):
            nonlocal written
            written += bytes(piece).count(b"\r\n")
            return len(piece)

    study = replace(make_study(DEFINITION, []), responses=stream_people)
    FORMATS["csv"].write(study, Watching())
    assert written == 5_001
    assert peak < 500


def test_writing_csv_needs_no_heavy_library():
    program = (
        "import sys, exports.formats, exports.scorecards.formats\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'flask', 'sqlalchemy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_calculation_has_its_column_and_is_no_reason_to_export_a_person():
    definition = make_definition(make_question("clear"), make_question("twice", "calculate"), domains=("D",))
    assert build_header(definition)[-3:] == ["clear", "twice", "twice__st"]
    started = {"disposition": "R", "finished_at": None}
    rows = read(
        make_response(1, None, {"clear": 4, "twice": Decimal("8.50")}),
        make_response(2, None, {"clear": Missing.NOT_REACHED, "twice": Decimal(8)}, **started),
        definition=definition,
        included="all",
    )
    assert [(row["twice"], row["twice__st"]) for row in rows] == [("8.5", "")]


@pytest.mark.parametrize("format_", ["csv", "long"])
def test_for_excel_it_begins_with_the_mark_of_utf_8(format_):
    study, stream = make_study(DEFINITION, []), io.BytesIO()
    FORMATS[format_].write(study, stream, Options(excel=True))
    assert stream.getvalue().startswith(b"\xef\xbb\xbfresp")
