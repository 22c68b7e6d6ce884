"""README.txt of the pack: what this is, of whom, how to cite it, how to read it, what not to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from exports.about import list_facts, list_missing
from exports.options import RESTRICTED, SUMMARY
from exports.pack.contents import Contents
from exports.responses import ROSTER
from exports.scorecards.notes import OPEN_LINK
from exports.scorecards.notes import ROSTER as ROSTER_NOTE
from exports.scorecards.rules import RULES

_WIDTH = 100
_CARE = {
    SUMMARY: "There are no single responses in this pack. Groups below the minimum are combined or withheld, and so is "
    "whatever they could be worked out from. Do not try to work out what is withheld.",
    RESTRICTED: "Single responses with their real groups, comments and times: people who know the partnership can "
    "recognise one another in them. Keep this inside the team, on encrypted disks, and delete it when it has served.",
}
_RESEARCH_CARE = (
    "Single responses. Groups below the minimum are merged in the rows themselves, times are days, comments are "
    "removed (code -91), and there is no id that links a person from round to round. For the evaluator it was made "
    "for: do not pass it on, do not try to recognise people, delete it when it has served."
)
_PROGRAMS = (
    "In CSV, text that a spreadsheet could run as a formula begins with an apostrophe; drop one leading apostrophe to "
    "have it as it was written. In SPSS -99 to -91 are user-missing; in Stata they are .r .d .n .s .l .b .m .i .c, in "
    "this order."
)


def write_readme(contents: Contents) -> str:
    """Give the text, with the list of all files."""
    return "\n".join(_list_lines(contents)) + "\n"


def _list_lines(contents: Contents) -> Iterator[str]:
    study, definition = contents.whole, contents.whole.definition
    title = f"{study.partnership}: {definition.title.in_(definition.default_language)}, {study.round_name}"
    yield from (title, "=" * min(len(title), _WIDTH), "")
    for name, words in list_facts(study, contents.options):
        yield _say(f"{name}: {words}")
    day = f"{study.dated:%Y-%m-%d}"
    yield from ("", "HOW TO CITE", "")
    source = f"{definition.id} {definition.version}. Data as of {day}."
    yield _say(f"{study.partnership} ({study.dated:%Y}). {study.round_name}: {source}")
    yield from ("", "HANDLE WITH CARE", "", _say(_CARE.get(contents.options.level, _RESEARCH_CARE)))
    yield from ("", "WHAT THE NUMBERS CAN BEAR", "")
    yield _say(ROSTER_NOTE if study.frame.kind == ROSTER else OPEN_LINK)
    yield _say(f"No number stands on fewer than {contents.k} people. Days and times are UTC.")
    if definition.scorecard is not None and definition.scorecard.domains:
        yield from ("", _say("What may be said of a score:"))
        for rule in RULES:
            yield fill(rule.sentence.format(k=contents.k), _WIDTH, initial_indent="  - ", subsequent_indent="    ")
        yield ""
    yield _say(
        "Files bear the time at which the data last changed, not the time at which they were made: "
        "the same data give the same bytes."
    )
    yield from ("", "HOW TO READ MISSING CODES", "")
    for code, meaning, counted in list_missing():
        yield f"  {code}  {meaning} ({counted})"
    if contents.has_rows:
        yield ""
        yield _say(_PROGRAMS)
        yield _say("The columns of all files are explained in data/codebook.csv, the codes in data/labels.csv.")
    if contents.remarks:
        yield from ("", "LEFT OUT", "", *map(_say, contents.remarks))
    yield from ("", "FILES", "")
    width = max(map(len, contents.archive.titles))
    for path, what in contents.archive.titles.items():
        yield f"  {path:{width}}  {what}"


def _say(words: str) -> str:
    return fill(words, _WIDTH)
