"""What every file says of itself: what it is, of when, of whom, and how to read it. For sheets, README and metadata."""

from __future__ import annotations

from collections.abc import Iterator

from exports import options as wishes
from exports.missing import REASONS
from exports.options import Options
from exports.responses import ROSTER, Study
from exports.scorecards.notes import OPEN_LINK, SAMPLE

LEVELS = {
    wishes.SUMMARY: "Aggregates only; groups that are too small are withheld. May be published.",
    wishes.RESEARCH: "One row for each response; groups that are too small are merged in the rows, days in "
    "place of times, no comments, no names. For the evaluator it was made for.",
    wishes.RESTRICTED: "Everything but names, numbers and addresses of people. Stays inside the team.",
}
INCLUDED = {
    wishes.COMPLETE: "Complete interviews only (disposition I).",
    wishes.PARTIAL: "Finished interviews and, after the close, all that scores are made of (dispositions I and P).",
    wishes.ALL: "Everybody with at least one answer.",
}
_SHOWN = {
    wishes.CODES: "codes",
    wishes.LABELS: "labels in place of codes",
    wishes.BOTH: "codes, and labels beside them",
}
MISSING_NOTE = (
    "Where there is no answer a negative code says why. Free numbers and, in typed formats, texts and dates are empty "
    "then, and the code stands in the column of the same name with __st at its end. Never count a code as a value."
)


def list_facts(study: Study, options: Options, rows: int | None = None) -> Iterator[tuple[str, str]]:
    """Give what a reader must know as pairs of heading and sentence."""
    definition = study.definition
    language = definition.choose_language(options.language)
    if study.sample_data:
        yield "Note", SAMPLE
    yield "Round", f"{study.round_name} ({study.round_code}), {'closed' if study.closed else 'not closed yet'}"
    yield "Partnership", study.partnership
    yield "Instrument", f"{definition.title.in_(language)} ({definition.id} {definition.version})"
    yield "Data as of", f"{study.dated:%Y-%m-%d %H:%M} UTC"
    if options.level != wishes.SUMMARY:
        yield "Answers", INCLUDED[options.included]
        yield "Shown as", f"{_SHOWN[options.shown]}; labels in {definition.languages[language]}"
    yield "Level", f"{options.level.capitalize()}. {LEVELS[options.level]}"
    if rows is not None:
        yield "Rows", str(rows)
    yield "Who was asked", "People were invited from a list." if study.frame.kind == ROSTER else OPEN_LINK
    yield "Missing answers", MISSING_NOTE


def list_missing() -> Iterator[tuple[str, str, str]]:
    """Give the missing codes: code, meaning, and whether such a question still counts as one that applied."""
    words = {True: "counts as asked", False: "does not count as asked", None: "was an answer"}
    for reason in REASONS:
        yield str(reason.code), reason.label, words[reason.in_denominator]
