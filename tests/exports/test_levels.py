"""What each level tells, and that the rows of research give back nothing that the scorecard hides."""

from dataclasses import replace
from datetime import timedelta

import pytest
from export_files import read_csv, write_file
from study_builders import NOON, make_definition, make_question, make_response, make_study, text

from exports.disclosure import combine_groups
from exports.errors import ExportError
from exports.formats import FORMATS
from exports.levels import find_telling, merge_groups, protect
from exports.responses import Case, Event
from forms.definition import Choice, Repeat, Section
from forms.expressions import parse
from forms.values import Missing, Row

GROUPS = tuple(Choice(code, text(name)) for code, name in enumerate(("a", "b", "c"), start=1))
DEFINITION = make_definition(
    make_question("who", "select_one", choices=GROUPS),
    make_question("clear"),
    make_question("only_a", "scale", show_if=parse("${who} = 1")),
    make_question("idea", "text"),
    domains=("D",),
    group_by="who",
    k=5,
)


def people(**sizes):
    """Responses by group; the one uncounted person of a group is written as a negative size."""
    number = 0
    for group, size in sizes.items():
        for _ in range(abs(size)):
            number += 1
            counted = {} if size > 0 else {"disposition": "R"}
            code = "abcdefgh".index(group) + 1
            answers = {"who": code, "clear": 3, "idea": "hello", "only_a": 2 if code == 1 else Missing.OFF_PATH}
            yield make_response(number, group, answers, **counted)


def tell(*responses, level="research", **facts):
    return read_csv(write_file(make_study(DEFINITION, responses, **facts), "csv", level=level))


def test_a_summary_has_no_rows():
    with pytest.raises(ExportError, match="rows"):
        write_file(make_study(DEFINITION, people(a=6)), "csv", level="summary")


def test_restricted_tells_all():
    row = tell(*people(a=1), level="restricted")[0]
    assert (row["group"], row["who"], row["idea"], row["started_at"]) == ("a", "1", "hello", NOON.isoformat())


def test_research_gives_days_and_no_comments():
    row = tell(*people(a=6))[0]
    assert (row["started_at"], row["finished_at"], row["idea"]) == ("2025-11-20", "2025-11-20", "-91")


def test_that_there_was_no_comment_may_be_told():
    response = make_response(1, "a", {"idea": Missing.SKIPPED})
    assert tell(response)[0]["idea"] == "-96"


def test_small_groups_are_merged_in_the_rows_and_nothing_in_them_tells_which_one_it_was():
    rows = tell(*people(a=3, b=2, c=6))
    assert [row["group"] for row in rows] == ["combined"] * 5 + ["c"] * 6
    assert {(row["who"], row["only_a"]) for row in rows[:5]} == {("-91", "-91")}
    assert {(row["who"], row["only_a"]) for row in rows[5:]} == {("3", "-95")}


def test_one_small_group_takes_the_next_smallest_along():
    rows = tell(*people(a=4, b=6, c=9))
    assert [row["group"] for row in rows] == ["combined"] * 10 + ["c"] * 9


def test_where_no_group_can_stand_alone_none_is_told():
    assert {row["group"] for row in tell(*people(a=3, b=6))} == {""}


def test_a_group_of_uncounted_people_only_is_no_group_of_its_own():
    rows = tell(*people(a=6, b=7, c=-1))
    assert [row["group"] for row in rows] == ["combined"] * 6 + ["b"] * 7 + ["combined"]


@pytest.mark.parametrize("sizes", [(4, 6, 9), (1, 1, 9), (5, 5, 5), (3, 2, 6), (2, 2, 2), (5, 4, 20)])
def test_rows_are_never_finer_than_the_scorecard(sizes):
    study = make_study(DEFINITION, people(**dict(zip("abc", sizes, strict=True))))
    breakdown = combine_groups(dict(zip("abc", sizes, strict=True)), 5)
    told = {group: merge_groups(study).get(group, group) for group in "abc"}
    assert {group for group, name in told.items() if name == group} <= set(breakdown.shown)


def test_what_hangs_on_the_group_tells_the_group():
    assert find_telling(DEFINITION) == {"who", "only_a"}
    assert find_telling(make_definition(make_question("clear"), domains=("D",))) == frozenset()


def test_names_of_rows_stay_inside_the_team_and_entries_of_a_roster_are_codes():
    section = Section(
        id="people", questions=(make_question("near"), make_question("say", "text")), repeat=Repeat(over="roster")
    )
    definition = replace(DEFINITION, sections=(*DEFINITION.sections, section))
    rows = {"people": (Row("zeta", {"near": 1}, "Zeta"), Row("acme", {"near": 2, "say": "mine"}, "Acme"))}
    response = make_response(1, "a", {"clear": 1}, rows=rows, person="p1", own_entry="beta")
    (told,) = protect(make_study(definition, [response]), "research").responses()
    assert told.rows["people"] == (Row("n03", {"near": 1}), Row("n01", {"near": 2, "say": Missing.REMOVED}))
    assert (told.person, told.own_entry) == (None, "n02"), "who says it is a code as well"


def test_cases_and_events_lose_what_rows_lose():
    event = Event(response_id="r00001", question_id="clear", at=NOON, channel="sms", rule="digit", segments=1)
    case = Case(
        case_id="x", group="a", source="invitation", channel="sms", attempts=2, disposition="I", code="1.1",
        first_at=NOON, last_at=NOON + timedelta(hours=1),
    )  # fmt: skip
    study = replace(
        make_study(DEFINITION, people(a=3, b=6, c=9)), events=lambda: iter([event]), cases=lambda: iter([case])
    )
    told = protect(study, "research")
    (seen,) = told.events()
    assert (seen.rule, seen.segments, seen.at.hour) == (None, None, 0)
    (seen,) = told.cases()
    assert (seen.group, seen.first_at) == ("combined", NOON.date())
    assert told.group_labels == {"c": "C", "combined": "Other groups combined"}


def test_every_format_of_rows_tells_no_more_than_its_level():
    study = make_study(DEFINITION, people(a=3, b=6, c=9))
    for name, format_ in FORMATS.items():
        if format_.has_rows and format_.extension in ("csv", "json"):
            assert b"hello" not in write_file(study, name, level="research")
            assert b"hello" in write_file(study, name, level="restricted")
