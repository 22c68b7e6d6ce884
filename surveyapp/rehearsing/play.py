"""The play itself: events in the order of their time; between them what is due is sent at the gateway's rate."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy.orm import Session

from forms.definition import SMS, Question, Section
from forms.interview import CONSENT_YES, Interview
from forms.question_types import find_type
from forms.question_types.base import STATUS_SUFFIX
from forms.sampling import find_sample
from forms.sms.segments import count_segments
from forms.values import Raw
from forms.wording import words
from surveyapp.delivering import Deliverer
from surveyapp.gateways.base import Inbound, Outbound
from surveyapp.rehearsing.carrier import Carrier
from surveyapp.rehearsing.players import DECLINES, GIVES_UP, MENDS, STOPS, TWICE, Player, choose_raw, write_reply
from surveyapp.rehearsing.stage import FIRST_DAY, Stage
from surveyapp.services.answering import NEXT, REVIEW, SUBMIT, Posted, find_place, receive_page
from surveyapp.services.claiming import Wait
from surveyapp.services.following_up import AFTER, queue_due_follow_ups
from surveyapp.services.outbox import EXPIRES
from surveyapp.services.reminding import queue_due_reminders
from surveyapp.services.standings import Standing, find_interview, list_asked
from surveyapp.services.texting import receive

EVERY = timedelta(hours=1)
"""How often the scheduler of the play looks for reminders and doubtful texts."""
PAGE_TAKES = timedelta(seconds=50)
MOST_PAGES = 60


@dataclass(slots=True)
class Play:
    """One performance. `said` counts what happened, by what it is called in the report."""

    stage: Stage
    dice: Random
    said: Counter[str] = field(default_factory=Counter)
    last: datetime | None = None
    """When the last text or page came in."""
    _due: datetime = FIRST_DAY
    """Nothing is to be sent before."""
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0
    _by_phone: dict[str, Player] = field(default_factory=dict)

    def run(self, tell: Callable[[int], None] = lambda _: None) -> Carrier:
        """Play to the end; `tell` hears of every person who is through with their first move."""
        stage = self.stage
        carrier = Carrier(stage.settings, self.dice, self._arrive)
        worker = Deliverer(
            stage.database, stage.settings, stage.clock, gateway=carrier, owner="rehearsal", dice=self.dice.random
        )
        self._by_phone = {player.phone: player for player in stage.players if player.phone}
        for player in stage.players:
            if player.reached and not player.phone:
                self._at(stage.now + player.find_delay(first=True), partial(self._answer_on_web, player, 0))
            tell(1)
        self._at(stage.now + EVERY, partial(self._keep_hour, worker))
        while self._events and self._events[0][0] <= stage.ends:
            at = self._events[0][0]
            self._deliver_until(worker, at)
            while self._events and self._events[0][0] <= max(at, stage.now):
                moment, _, act = heapq.heappop(self._events)
                stage.now = max(stage.now, moment)
                act()
        return carrier

    def _at(self, moment: datetime, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (moment, self._count, act))

    def _deliver_until(self, worker: Deliverer, until: datetime) -> None:
        """Send what may go before the next event; the clock moves with the gateway's rate."""
        while self._due <= until:
            step = worker.deliver_one()
            if not isinstance(step, Wait):
                if self._events and self._events[0][0] <= self.stage.now:
                    return
                continue
            self._due = step.until or datetime.max.replace(tzinfo=UTC)
            if self._due > until:
                return
            self.stage.now = max(self.stage.now, self._due)
            if self._events and self._events[0][0] <= self.stage.now:
                return

    def _keep_hour(self, worker: Deliverer) -> None:
        """Do what the scheduler does, as long as anything can still happen."""
        with self.stage.database.writing() as session:
            sending, now = self.stage.settings.sending, self.stage.now
            self.said["reminders queued"] += queue_due_reminders(session, sending, now)
            self.said["follow-ups queued"] += queue_due_follow_ups(session, sending, now)
        worker.reconcile_due()
        self._due = self.stage.now
        last = self.last or self.stage.now
        if self._events or self.stage.now - last <= AFTER + EXPIRES:
            self._at(self.stage.now + EVERY, partial(self._keep_hour, worker))

    def _arrive(self, outbound: Outbound) -> None:
        """Let the person whose phone has got a text look at it."""
        player = self._by_phone.get(outbound.phone)
        if player is not None and player.reached:
            self._at(self.stage.now + player.find_delay(first=True), partial(self._text, player))

    def _text(self, player: Player) -> None:
        """Send one text, if anything is still asked; whatever comes back is answered after a while."""
        stage, dice = self.stage, player.dice
        if not player.reached or dice.random() < GIVES_UP:
            player.reached = False
            return
        with stage.database.writing() as session:
            body = self._write(session, player)
            if body is None:
                return
            player.texts += 1
            inbound = Inbound(
                gateway="simulator",
                account=player.phone,
                message_id=f"{player.name[-6:]}-{player.texts}",
                phone=player.phone,
                our_number=stage.settings.sms_from,
                body=body,
            )
            facts = {"secret_key": stage.settings.secret_key, "public_url": stage.settings.public_url}
            reply = receive(session, inbound, **facts, now=stage.now).reply
            self.said["texts received"] += 1
            if dice.random() < TWICE:
                self.said["webhooks repeated"] += 1
                receive(session, inbound, **facts, now=stage.now)
        self.last = stage.now
        if reply is not None:
            self.said["replies"] += 1
            self.said["reply segments"] += count_segments(reply).segments
            price = stage.settings.sending.estimate(player.phone, count_segments(reply).segments)
            self.said["reply cost"] += price or 0
            self._at(stage.now + player.find_delay(), partial(self._text, player))

    def _write(self, session: Session, player: Player) -> str | None:
        """Give what this person texts now; nothing where nothing is asked any more."""
        if player.dice.random() < STOPS:
            player.reached = False
            return "STOP"
        asked = list_asked(session, player.phone, self.stage.now)
        if not asked:
            if player.texts:
                return None
            word = "No" if player.dice.random() < DECLINES else "Yes"
            return words(player.language).gettext(word).upper()
        standing = asked[0]
        question = next(
            (q for q in standing.interview.questions_in(SMS, standing.part or 1) if q.id == standing.asked), None
        )
        if question is None:
            return words(standing.language).gettext("Yes").upper()
        again = standing.reprompts > 0
        if again and question.type != "consent" and player.dice.random() < MENDS:
            raw = find_sample(standing.interview, question, standing.language)[0]
            return " ".join(raw.values) or "SKIP"
        return write_reply(player, standing.interview, question, standing.language, again=again)

    def _answer_on_web(self, player: Player, page: int) -> None:
        """Fill in one page and come back for the next."""
        stage = self.stage
        token = stage.tokens[player.name]
        if player.dice.random() < GIVES_UP or page > MOST_PAGES:
            self.said["gave up on the web"] += 1
            return
        with stage.database.writing() as session:
            standing = find_interview(session, token, stage.now, lock=True)
            if standing.over:
                return
            place = find_place(standing.interview)
            fields = {} if place == REVIEW else self._fill(standing, place, player, careful=False)
            outcome = receive_page(session, standing, self._post(standing, place, fields), stage.now)
            if outcome.reading is not None and outcome.reading.errors:
                self.said["pages sent back"] += 1
                fields = self._fill(standing, place, player, careful=True)
                outcome = receive_page(session, standing, self._post(standing, place, fields), stage.now)
            self.said["pages"] += 1
        self.last = stage.now
        if not outcome.standing.over:
            self._at(stage.now + PAGE_TAKES, partial(self._answer_on_web, player, page + 1))

    @staticmethod
    def _post(standing: Standing, place: str, fields: dict[str, tuple[str, ...]]) -> Posted:
        action = SUBMIT if place == REVIEW else NEXT
        return Posted(section=place, action=action, fields=fields, language=standing.language)

    @staticmethod
    def _fill(standing: Standing, place: str, player: Player, *, careful: bool) -> dict[str, tuple[str, ...]]:
        """Give the fields of a page; `careful`: the first answers that are taken, instead of any."""
        section = standing.interview.find_section(place)
        assert section is not None, "a place is on the path"
        interview, questions = _find_questions(standing.interview, section, player)
        fields: dict[str, tuple[str, ...]] = {}
        for question in questions:
            raw = _choose(player, interview, standing.language, question, careful=careful)
            fields[question.id] = raw.values
            if raw.missing is not None:
                free = not find_type(question.type).choices(question)
                fields[question.id + STATUS_SUFFIX if free else question.id] = (str(raw.missing.value),)
        return fields


def _find_questions(interview: Interview, section: Section, player: Player) -> tuple[Interview, tuple[Question, ...]]:
    """Give what a page asks: of a section that repeats the row that is open, or one more, or none at its end."""
    if section.repeat is None:
        return interview, section.questions
    there = interview.list_rows(section.id)
    for row in there:
        if any(interview.is_open(question) for question in row.questions):
            return interview, row.questions
    enough = len(there) >= max(section.repeat.min, 1) and player.dice.random() < 0.5
    if not section.repeat.adds or enough or len(there) >= section.repeat.max:
        return interview, ()
    interview = interview.add_row(section.id, f"p{len(there) + 1}")
    return interview, interview.list_rows(section.id)[-1].questions


def _choose(player: Player, interview: Interview, language: str, question: Question, *, careful: bool) -> Raw:
    if question.type == "consent":
        refuses = not careful and player.dice.random() < DECLINES
        return Raw((str(CONSENT_YES + refuses),))
    if careful:
        return find_sample(interview, question, language)[0]
    return choose_raw(interview, question, language, player.dice)
