"""What texting costs: what a round has sent so far, what is still queued, and what inviting would take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.models import Round
from surveyapp.sending import Sending, show_money
from surveyapp.services.outbox import OUTBOX, QUEUED
from surveyapp.services.tallies import Tally, find_tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where the texts that a round begins stand. `queued.cost_micros` counts what has a known price alone.

    `unpriced`: how many of the queued have none. `seconds`: what the gateway takes for the queue, without the nights.
    """

    sent: Tally
    queued: Tally
    unpriced: int
    seconds: float
    budget_micros: int | None
    whole: bool = True
    """Whether all that is queued was counted, or only so much of it as was asked for."""

    def as_json(self) -> Mapping[str, object]:
        """Give it as the command line prints it."""
        return {
            "texts": self.queued.messages,
            "segments": self.queued.segments,
            "cost": None if self.unpriced else self.queued.cost_micros / 1_000_000,
            "seconds": round(self.seconds, 1),
        }


def describe(outlook: Outlook) -> str:
    """Say in one sentence what is queued: texts, segments, cost, and how long the gateway takes for it."""
    if not outlook.queued.messages:
        return "Nothing is queued."
    cost = f"cost about {show_money(outlook.queued.cost_micros)}"
    if outlook.unpriced:
        cost = (
            f"{cost} and {outlook.unpriced:,} of no known price" if outlook.queued.cost_micros else "of no known price"
        )
    took = describe_time(outlook.seconds)
    texts = count(outlook.queued.messages, "text")
    begin = "Queued" if outlook.whole else "Queued, and more than that"
    return f"{begin}: {texts}, {count(outlook.queued.segments, 'segment')}, {cost}; sent in {took}, nights apart."


def warn(outlook: Outlook, of_what: str = "what is queued costs") -> str:
    """Say that the budget does not do for what is queued; empty where it does, or where there is none.

    `of_what`: how the cost of it is told, where it is not queued yet.
    """
    left = None if outlook.budget_micros is None else outlook.budget_micros - outlook.sent.cost_micros
    if left is None or outlook.queued.cost_micros <= left:
        return ""
    budget, spent, queued = map(
        show_money, (outlook.budget_micros, outlook.sent.cost_micros, outlook.queued.cost_micros)
    )
    return (
        f"The budget of {budget} will not do: {spent} is spent, and {of_what} about {queued}. "
        "No text is begun that would overrun it."
    )


def count(number: int, thing: str) -> str:
    """Give a number of things in words: `1 text`, `2,000 texts`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def list_left_out(
    counts: Mapping[str, int], words: Mapping[str, str], begin: str, most: int | None = None
) -> tuple[str, ...]:
    """Say for each reason how many are left out, as `Not texted: 3 without a phone number.`; `most` were looked at."""
    return tuple(
        f"{begin}: {number:,}{' or more' if most is not None and number >= most else ''} {words[reason]}."
        for reason, number in counts.items()
        if reason in words
    )


def describe_time(seconds: float) -> str:
    """Say how long that is, in the largest unit of which there are two."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"about {seconds / size:.0f} {unit}"
    return "a second" if seconds < 1.5 else f"about {seconds:.0f} seconds"


def find_outlook(session: Session, round_: Round, sending: Sending, *, most: int | None = None) -> Outlook:
    """Give what a round has sent and what waits; of that it counts `most` texts: a page costs the same always."""
    columns = (OUTBOX.c.segments, OUTBOX.c.cost_micros)
    waiting = select(*columns).where(OUTBOX.c.round_id == round_.id, OUTBOX.c.state == QUEUED).limit(most).subquery()
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(waiting.c.segments), 0),
            func.coalesce(func.sum(waiting.c.cost_micros), 0),
            func.count(waiting.c.cost_micros),
        ).select_from(waiting)
    ).one()
    queued = Tally(row[0], int(row[1]), int(row[2]))
    return Outlook(
        sent=find_tally(session, round_.id),
        queued=queued,
        unpriced=row[0] - row[3],
        seconds=queued.segments / sending.rate,
        budget_micros=round_.budget_micros,
        whole=most is None or row[0] < most,
    )
