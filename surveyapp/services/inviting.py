"""Invitations by text: the consent text to everybody invited who has a phone and has agreed to be texted."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, true, update
from sqlalchemy.orm import Session

from forms.definition import SMS
from forms.sms.segments import count_segments
from surveyapp.models import Round
from surveyapp.sending import Sending
from surveyapp.services.groups import find_given
from surveyapp.services.outbox import (
    CANCELLED,
    INVITATION,
    OUTBOX,
    QUEUED,
    NewMessage,
    queue_messages,
)
from surveyapp.services.silenced import Silenced, find_silenced
from surveyapp.services.standings import (
    CONTACTS,
    INVITATIONS,
    RoundFacts,
    Standing,
    build_engine_view,
    find_round_facts,
)
from surveyapp.services.turns import build_first

VALID = timedelta(hours=72)
"""How long an invitation may wait to be sent, once its round is open and nobody has stopped it."""
REFUSALS = frozenset({"no", "n", "0", "false", "none", "non", "refused", "declined", "withdrawn", "hapana", "لا", "-"})
"""What stands in a contact list's column `consent` where somebody has not agreed."""
LEFT_OUT = {
    "no_phone": "without a phone number",
    "no_consent": "without consent recorded in the column “consent”",
    "opted_out": "wrote STOP",
    "bounced": "whose number did not exist in the last two rounds: correct it in the contact list",
    "country": "in a country that may not be texted (SURVEYAPP_SMS_COUNTRIES)",
    "begun": "began already",
    "marked": "marked by staff: nobody can answer, or not a stakeholder",
    "web_only": "asked nothing by text: the round is anonymous, or its questions are for the web alone",
}
"""Why somebody is not texted, in words after a number of people."""
_BATCH = 1_000
MOST_AT_ONCE = 2_000
"""Invitations that one transaction sees to: less than half a second."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is texted: how many texts and segments, what they cost (`None`: no price is known), and who is left out."""

    texts: int = 0
    segments: int = 0
    cost_micros: int | None = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Reach) -> Reach:
        known = self.cost_micros is not None and other.cost_micros is not None
        return Reach(
            self.texts + other.texts,
            self.segments + other.segments,
            (self.cost_micros or 0) + (other.cost_micros or 0) if known else None,
            dict(Counter(self.left_out) + Counter(other.left_out)),
        )


@dataclass(slots=True)
class _Reached:
    """A `Reach` that is being counted."""

    texts: int = 0
    segments: int = 0
    cost_micros: int | None = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, segments: int, cost: int | None) -> None:
        self.texts += 1
        self.segments += segments
        self.cost_micros = None if cost is None or self.cost_micros is None else self.cost_micros + cost

    def freeze(self) -> Reach:
        return Reach(self.texts, self.segments, self.cost_micros, dict(self.left_out))


def has_agreed(consent: str | None) -> bool:
    """Say whether a contact list records that this person agreed to be texted: anything but an empty cell or a no."""
    return bool(consent) and (consent or "").strip().casefold() not in REFUSALS


def continue_inviting(session: Session, sending: Sending, now: datetime) -> Reach | None:
    """Write the next first texts of a long list and give whom they reach; nothing where no list has to go on."""
    unfinished = select(Round).where(Round.inviting_from.is_not(None), Round.state == "published").order_by(Round.id)
    round_ = session.scalars(unfinished.limit(1).with_for_update()).first()
    if round_ is None:
        return None
    return queue_invitations(session, round_, sending, now, start=round_.inviting_from or 0)


def queue_invitations(session: Session, round_: Round, sending: Sending, now: datetime, *, start: int = 0) -> Reach:
    """Write the first text to everybody of a round who may be texted and has not begun, in the caller's transaction.

    Whoever has one already gets no second one: it may be called again at any time. Of a long list it sees to the first
    `MOST_AT_ONCE` after the invitation `start`, and leaves the rest to `continue_inviting`: other writers wait
    meanwhile.
    """
    facts = find_round_facts(session, round_.code)
    reached = _Reached()
    starts, ends = _find_time(round_, now)
    last: int | None = start
    seen = 0
    while seen < MOST_AT_ONCE and last is not None:
        people = _list_invited(session, round_.id, last)
        seen += len(people)
        last = people[-1].id if len(people) == _BATCH else None
        silenced = _find_silenced(session, people)
        messages = []
        for person, words in _write(facts, people, silenced, sending, reached, now):
            messages.append(
                NewMessage(
                    round_id=round_.id,
                    who=f"contact:{person.contact_id}",
                    kind=INVITATION,
                    phone=person.phone,
                    body=words,
                    not_before=starts,
                    valid_until=ends,
                    timezone=person.timezone,
                    invitation_id=person.id,
                )
            )
        queue_messages(session, messages, sending, now)
    round_.inviting_from = last
    return reached.freeze()


def revive_invitations(session: Session, round_: Round, now: datetime) -> Reach:
    """Queue again the first texts that could not go while there was time: a pause, a budget or the close held them."""
    kept = (
        OUTBOX.c.round_id == round_.id,
        OUTBOX.c.kind == INVITATION,
        OUTBOX.c.state == CANCELLED,
        OUTBOX.c.reason.in_(("expired", "round_closed")),
    )
    sums = select(
        func.count(), func.sum(OUTBOX.c.segments), func.sum(OUTBOX.c.cost_micros), func.count(OUTBOX.c.cost_micros)
    )
    count, segments, cost, priced = session.execute(sums.where(*kept)).one()
    starts, ends = _find_time(round_, now)
    again = {"state": QUEUED, "reason": None, "not_before": starts, "valid_until": ends, "settled_at": None}
    session.execute(update(OUTBOX).where(*kept).values(**again, updated_at=now))
    return Reach(count, int(segments or 0), int(cost or 0) if priced == count else None)


def count_left_out(
    session: Session, round_: Round, sending: Sending, now: datetime, most: int | None = None
) -> Mapping[str, int]:
    """Count who of a round was not texted, by reason (`LEFT_OUT`); `most`: people at whom to look.

    Of a long list whose first texts are still being written only those who were seen to already.
    """
    facts = find_round_facts(session, round_.code)
    reached = _Reached()
    # Read anew: what the caller holds of the round may be older than the texts.
    until = session.execute(select(Round.inviting_from).where(Round.id == round_.id)).scalar_one()
    last: int | None = 0
    while last is not None and (most is None or reached.left_out.total() < most):
        people = _list_invited(session, round_.id, last, until=until)
        last = people[-1].id if len(people) == _BATCH else None
        deque(_write(facts, people, _find_silenced(session, people), sending, reached, now), maxlen=0)
    return dict(reached.left_out)


def forecast_invitations(
    facts: RoundFacts,
    people: Iterable[Any],
    sending: Sending,
    now: datetime,
    silenced: Silenced,
    note: Callable[[Any], object],
) -> Reach:
    """Give what inviting these people would take, before anything is stored; `note` is told of each who is reached.

    `people` have `phone`, `consent`, `language`, `group_name`, `state` and `mark`, as invited contacts have them.
    """
    reached = _Reached()
    for person, _ in _write(facts, people, silenced, sending, reached, now):
        note(person)
    return reached.freeze()


def _write(
    facts: RoundFacts,
    people: Iterable[Any],
    silenced: Silenced,
    sending: Sending,
    reached: _Reached,
    now: datetime,
) -> Iterator[tuple[Any, str]]:
    """Give each person who is texted with the words; they differ by language and group alone, so few are made."""
    written: dict[tuple[str, str | None], tuple[str, int]] = {}
    for person in people:
        reason = _find_reason(facts, person, silenced, sending)
        if reason is None:
            variant = (person.language or "", person.group_name)
            if variant not in written:
                words = _build_words(facts, *variant, now)
                written[variant] = (words, count_segments(words).segments if words else 0)
            words, segments = written[variant]
            reason = None if words else "web_only"
        if reason is not None:
            reached.left_out[reason] += 1
            continue
        reached.add(segments, sending.estimate(person.phone, segments))
        yield person, words


def _find_time(round_: Round, now: datetime) -> tuple[datetime, datetime]:
    """Give when a first text may go at the earliest, and at the latest."""
    starts = max(now, round_.opens_at or now)
    return starts, min(starts + VALID, round_.closes_at or datetime.max.replace(tzinfo=now.tzinfo))


def _find_reason(facts: RoundFacts, person: Any, silenced: Silenced, sending: Sending) -> str | None:
    if facts.confidentiality == "anonymous":
        return "web_only"
    if person.phone is None:
        return "no_phone"
    if person.state != "invited":
        return "begun"
    if person.mark is not None:
        return "marked"
    if not has_agreed(person.consent):
        return "no_consent"
    if person.phone in silenced.opted_out:
        return "opted_out"
    if person.phone in silenced.bounced:
        return "bounced"
    return None if sending.permits(person.phone) else "country"


def _build_words(facts: RoundFacts, language: str, group: str | None, now: datetime) -> str:
    """Give the first text in this language to this group; empty where the round asks nothing by text."""
    _, given = find_given(facts.definition, group)
    interview = build_engine_view(facts, {}, given, now)
    if not any(question.type != "consent" for question in interview.questions_in(SMS)):
        return ""
    language = facts.definition.choose_language(language or None)
    return build_first(
        Standing(round=facts, interview=interview, state="invited", language=language, nonce="", token_hash="")
    )


def _list_invited(session: Session, round_id: int, after: int, until: int | None = None) -> Sequence[Any]:
    """Give the next people of a round who have no first text yet, those invited after `until` left out."""
    columns = (
        INVITATIONS.c.id,
        INVITATIONS.c.contact_id,
        INVITATIONS.c.language,
        INVITATIONS.c.state,
        INVITATIONS.c.mark,
        CONTACTS.c.phone,
        CONTACTS.c.consent,
        CONTACTS.c.timezone,
        CONTACTS.c.group_name,
    )
    texted = select(OUTBOX.c.id).where(OUTBOX.c.invitation_id == INVITATIONS.c.id, OUTBOX.c.kind == INVITATION)
    return session.execute(
        select(*columns)
        .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .where(INVITATIONS.c.round_id == round_id, INVITATIONS.c.id > after, ~texted.exists())
        .where(INVITATIONS.c.id <= until if until is not None else true())
        .order_by(INVITATIONS.c.id)
        .limit(_BATCH)
    ).all()


def _find_silenced(session: Session, people: Sequence[Any]) -> Silenced:
    return find_silenced(session, [person.phone for person in people if person.phone is not None])
