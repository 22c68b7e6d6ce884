"""Builders of studies: a small definition, people who answered it, and the frame they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from exports.responses import ROSTER, SELF_SELECTED, Frame, Response, Study
from forms.definition import Choice, Definition, Domain, Question, Scorecard, ScoreRule, Section, Text
from forms.values import Answers, Missing, Value

NOON = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
DK, NA, SKIPPED = Missing.DONT_KNOW, Missing.NOT_APPLICABLE, Missing.SKIPPED
NOT_IN_CHANNEL, OFF_PATH = Missing.NOT_IN_CHANNEL, Missing.OFF_PATH


def text(words: str) -> Text:
    return Text({"en": words}, "en")


def make_question(id_: str, type_: str = "scale", **more: object) -> Question:
    """A question; a scale has the codes 1 to 5."""
    if type_ in ("scale", "select_one", "select_multiple"):
        more.setdefault("choices", tuple(Choice(code, text(f"Point {code}")) for code in range(1, 6)))
    return Question(id=id_, type=type_, label=text(f"Question {id_}"), **more)  # type: ignore[arg-type]


def make_scored(id_: str, domain: str, *, core: bool = False, weight: float = 1, **more: object) -> Question:
    """A scale that counts in a domain; `reverse` and `map` as in the score rule."""
    rule = {key: more.pop(key) for key in ("reverse", "map") if key in more}
    return make_question(id_, score=ScoreRule(domain, weight, core=core, **rule), **more)  # type: ignore[arg-type]


def make_definition(*questions: Question, domains: Sequence[str] = (), **scorecard: object) -> Definition:
    """A definition of one section; the domains are those that the questions name, unless given."""
    named = domains or list(dict.fromkeys(q.score.domain for q in questions if q.score))
    return Definition(
        id="partnership_feedback",
        version="1.0.0",
        kind="feedback",
        default_language="en",
        languages={"en": "English"},
        title=text("Partnership feedback"),
        sections=(Section(id="views", questions=questions),),
        scorecard=Scorecard(
            domains=tuple(Domain(name, text(name.title())) for name in named),
            **scorecard,  # type: ignore[arg-type]
        ),
    )


def make_response(number: int, group: str | None, answers: Answers, **more: object) -> Response:
    facts: dict[str, object] = {
        "channel_first": "web",
        "channel_last": "web",
        "language": "en",
        "disposition": "I",
        "started_at": NOON,
        "finished_at": NOON + timedelta(minutes=5),
    }
    return Response(response_id=f"r{number:05}", group=group, answers=answers, **{**facts, **more})  # type: ignore[arg-type]


def make_study(
    definition: Definition,
    responses: Iterable[Response],
    *,
    cases: Mapping[str | None, Mapping[str, int]] | None = None,
    labels: Iterable[str | None] = (),
    **more: object,
) -> Study:
    """A closed round. `cases` make a roster; without them people came by an open link."""
    kept = tuple(responses)
    groups = [group for group in dict.fromkeys([*labels, *(r.group for r in kept)]) if group]
    facts: dict[str, object] = {
        "round_name": "Autumn",
        "round_code": "autumn25",
        "partnership": "Riverside",
        "closed": True,
        "sample_data": False,
        "sms_in_use": False,
        "group_labels": {group: group.title() for group in groups},
        "computed_at": NOON + timedelta(days=1),
    }
    return Study(
        definition=definition,
        find_frame=lambda: Frame(kind=SELF_SELECTED) if cases is None else Frame(kind=ROSTER, cases=cases),
        responses=lambda: iter(kept),
        **{**facts, **more},  # type: ignore[arg-type]
    )


def answer_all(groups: Mapping[str | None, Sequence[Mapping[str, Value]]]) -> list[Response]:
    """Complete responses from answers by group."""
    pairs = [(group, answers) for group, people in groups.items() for answers in people]
    return [make_response(number, group, answers) for number, (group, answers) in enumerate(pairs)]


def invite(counts: Mapping[str | None, tuple[int, int]]) -> dict[str | None, dict[str, int]]:
    """Cases of groups from (answered, eligible)."""
    return {group: {"I": answered, "NC": eligible - answered} for group, (answered, eligible) in counts.items()}
