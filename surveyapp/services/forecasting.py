"""What texting a round will take, said before it is published: first texts, whole interviews, cost and time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forms.definition import Definition
from surveyapp.sending import Sending, show_money
from surveyapp.services.inviting import Reach, forecast_invitations
from surveyapp.services.outlook import count, describe_time
from surveyapp.services.publishing import Wishes
from surveyapp.services.silenced import find_silenced
from surveyapp.services.standings import RoundFacts


@dataclass(frozen=True, slots=True)
class Forecast:
    """`first`: the invitations. `segments`, `cost_micros`: all that we send if everybody invited answers by text."""

    first: Reach
    segments: int
    cost_micros: int | None

    def as_json(self) -> Mapping[str, object]:
        """Give it as the command line prints it."""
        return {
            "texts": self.first.texts,
            "segments": self.first.segments,
            "cost": _in_units(self.first.cost_micros),
            "left_out": dict(self.first.left_out),
            "in_all": {"segments": self.segments, "cost": _in_units(self.cost_micros)},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    phone: str | None
    consent: str | None
    language: str | None
    group_name: str | None
    state: str = "invited"
    mark: str | None = None


def forecast_texts(
    session: Session,
    definition: Definition,
    wishes: Wishes,
    sending: Sending,
    now: datetime,
    interviews: Mapping[str, int],
) -> Forecast:
    """Give what publishing these wishes would send; `interviews`: segments of a typical interview, by language."""
    contacts = wishes.contacts.contacts if wishes.contacts else ()
    people = [
        _Person(phone=c.phone, consent=c.consent, language=definition.choose_language(c.language), group_name=c.group)
        for c in contacts
    ]
    reached: list[_Person] = []
    silenced = find_silenced(session, [contact.phone for contact in contacts if contact.phone])
    facts = _build_facts(definition, wishes)
    first = forecast_invitations(facts, people, sending, now, silenced, reached.append)
    segments, cost = 0, 0
    priced = first.cost_micros is not None
    for person in reached:
        each = interviews.get(person.language or "", 0)
        segments += each
        cost += sending.estimate(person.phone or "", each) or 0
    return Forecast(first, segments, cost if priced else None)


def describe_forecast(forecast: Forecast, sending: Sending) -> str:
    """Say it in two sentences."""
    first = forecast.first
    if not first.texts:
        return "Nobody is invited by text."
    time = describe_time(first.segments / sending.rate)
    people = "1 person is" if first.texts == 1 else f"{first.texts:,} people are"
    return (
        f"{people} invited by text: {count(first.segments, 'segment')}, {_say_cost(first.cost_micros)}, sent in "
        f"{time}, nights apart. If everybody answers by text, we send {count(forecast.segments, 'segment')} in all, "
        f"{_say_cost(forecast.cost_micros)}, reminders and a second part apart."
    )


def warn_of_budget(forecast: Forecast, budget_micros: int | None) -> str:
    """Say that a budget does not do for the forecast; empty where it does, or where there is none."""
    if budget_micros is not None and forecast.first.texts and forecast.first.cost_micros is None:
        return "No price is known for some of the texts, so nobody could keep the budget: publishing refuses it."
    first, whole = forecast.first.cost_micros or 0, forecast.cost_micros or 0
    if budget_micros is None or whole <= budget_micros:
        return ""
    if first > budget_micros:
        return "The budget does not do for the first texts: when it is used up no more are sent."
    return (
        "The budget does for the first texts, but not if everybody answers: when it is used up nobody is reminded or "
        "invited any more, and conversations under way go on."
    )


def _in_units(micros: int | None) -> float | None:
    return None if micros is None else micros / 1_000_000


def _say_cost(micros: int | None) -> str:
    return "of no known price" if micros is None else f"about {show_money(micros)}"


def _build_facts(definition: Definition, wishes: Wishes) -> RoundFacts:
    """Give the round as an interview would see it."""
    return RoundFacts(
        id=0,
        code="",
        name=wishes.name,
        partnership=wishes.partnership,
        definition=definition,
        parameters=wishes.parameters,
        roster=wishes.roster.entries if wishes.roster else (),
        confidentiality=wishes.confidentiality,
        open_link=wishes.open_link,
        keyword=wishes.keyword,
        state="published",
        opens_at=wishes.opens_at,
        closes_at=wishes.closes_at,
        timezone=wishes.timezone,
        sample_data=wishes.sample_data,
    )
