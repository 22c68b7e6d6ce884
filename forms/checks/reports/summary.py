"""The four reports in a few sentences, for those who read no JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forms.checks.reports.channel_fit import BOUNDS, ChannelFit, InterviewCost
from forms.checks.reports.comparability import Comparability
from forms.checks.reports.exportability import Exportability
from forms.checks.reports.reachability import REACHABLE, Reachability

MOST_NAMED = 10


def list_channel_fit(report: ChannelFit) -> Iterator[str]:
    """Say what an interview by text costs in each language, and which texts take more than one segment."""
    if not report.interviews:
        yield "Nothing is asked by text."
    for cost in report.interviews:
        costly = [f"{text.question} {text.segments}" for text in report.costly if text.language == cost.language]
        more = f"; more than one segment: {_name(costly)}" if costly else ""
        yield f"{cost.language}: {_say_cost(cost)}{more}."


def list_reachability(report: Reachability) -> Iterator[str]:
    """Name what can never be asked, conditions that decide nothing, and what could not be decided."""
    for question in report.unreachable:
        yield f"{question.path}: no answers lead to `{question.question}`."
    for condition in report.fixed:
        yield f"{condition.path}: `{condition.condition}` is {condition.verdict}."
    for condition in report.undecided:
        yield f"{condition.path}: not decided: {condition.reason}."
    if all(question.verdict == REACHABLE for question in report.questions) and not report.fixed + report.undecided:
        conditions = len(report.conditions)
        yield f"Every question can be reached ({conditions} condition{'s' * (conditions != 1)})."


def list_exportability(report: Exportability) -> Iterator[str]:
    """Say how many columns there are, and what SPSS and Stata refuse or cut."""
    for column in report.refused:
        refusing = " and ".join(program for program, fits in column.fits.items() if not fits)
        yield f"{refusing} refuse the column name `{column.name}`."
    for name in report.repeated:
        yield f"The column name `{name}` stands twice."
    cut = Counter((one.program, one.what, one.most, one.unit) for one in report.cut)
    for (program, what, most, unit), count in cut.items():
        longer = "1 is" if count == 1 else f"{count} are"
        yield f"{program} keeps {most:,} {unit} of a {what}: {longer} longer."
    counts = Counter(column.table for column in report.columns)
    for table, count in counts.items():
        if table:
            yield f"`{table}` is a table of its own: {count} column{'s' * (count != 1)}, a line for each row."
    if not cut and not report.refused and not report.repeated:
        yield f"{counts['']} columns, which SPSS and Stata keep whole." if counts[""] else "All names are kept whole."


def list_comparability(report: Comparability) -> Iterator[str]:
    """Say how many questions are the same as before, and name the others."""
    counts = Counter(one.status for one in report.questions)
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    yield f"Against {report.earlier_version} in {', '.join(report.languages) or 'no language'}: {said}."
    for one in report.changed:
        yield f"`{one.question}`: {', '.join(one.changes) or one.status}."


def _say_cost(cost: InterviewCost) -> str:
    spread = f"{cost.shortest} to {cost.longest}" if cost.shortest != cost.longest else str(cost.longest)
    price = "" if cost.price is None else f" (price {cost.price[0]} to {cost.price[2]}, typically {cost.price[1]})"
    bounds = " at least and at most" if cost.basis == BOUNDS else ""
    roster = f" with {cost.entries} entries in the roster" if cost.entries else ""
    return f"{spread} segments an interview{bounds}, typically {cost.typical}{roster}{price}"


def _name(words: list[str]) -> str:
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
