"""The stage: a copy of a round on a database of its own, thrown away at the end, with a clock that is set by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from forms.definition import Definition, RosterEntry
from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.errors import SurveyAppError
from surveyapp.jobs import finish_inviting
from surveyapp.migrating import upgrade
from surveyapp.models import Contact, Invitation, Partnership, Round
from surveyapp.rehearsing.players import Player, make_players, write_contacts
from surveyapp.services.contacts import read_contacts
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import find_group_labels
from surveyapp.services.publishing import publish_round
from surveyapp.services.rosters import Roster
from surveyapp.services.rounds import find_round
from surveyapp.services.tokens import derive_token

FIRST_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""A Monday: the play begins here whatever the day, so that the same seed plays the same."""
LONGEST = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Original:
    """The round that is rehearsed, as it was read once: nothing of the real database is held while the play lasts."""

    round: Round
    partnership: str
    definition: Definition


def read_original(session: Session, reference: str) -> Original:
    """Read the round of this code, id or name; raises `NotFoundError`."""
    round_ = find_round(session, reference)
    partnership = session.get_one(Partnership, round_.partnership_id).name
    return Original(round_, partnership, find_definition(session, round_.code))


@dataclass(slots=True)
class Stage:
    """What the play needs. `now` is the play's own time; `tokens` are the personal links by the people's names."""

    settings: Settings
    database: Database
    round_id: int
    code: str
    players: list[Player]
    tokens: dict[str, str]
    now: datetime = FIRST_DAY
    ends: datetime = FIRST_DAY + LONGEST

    def clock(self) -> datetime:
        """Give the play's time."""
        return self.now


@contextmanager
def set_stage(settings: Settings, original: Original, respondents: int, seed: int) -> Iterator[Stage]:
    """Publish a copy of the round to synthetic people on a database that is gone at the end.

    Raises `SurveyAppError` where too many people are wished for.
    """
    if not 1 <= respondents <= 100_000:
        raise SurveyAppError("A rehearsal takes 1 to 100,000 respondents.")
    definition = original.definition
    languages = [definition.default_language, *(c for c in definition.languages if c != definition.default_language)]
    groups = list(find_group_labels(definition))
    players = make_players(seed, respondents, languages, groups, settings.sending.sender)
    with tempfile.TemporaryDirectory(prefix="surveyapp-rehearsal-") as folder:
        stage_settings = replace(
            settings,
            data_dir=Path(folder),
            database_url=f"sqlite:///{folder}/rehearsal.db",
            sms_gateway="simulator",
            sending=replace(settings.sending, gateway="simulator", everywhere=True),
        )
        database = Database(stage_settings.database_url)
        event.listen(database.engine, "connect", _forget_durability)
        try:
            upgrade(database)
            copy = _publish(stage_settings, database, original, players)
            finish_inviting(database, stage_settings, lambda: FIRST_DAY)
            stage = Stage(stage_settings, database, copy.id, copy.code, players, _find_tokens(stage_settings, database))
            if copy.closes_at is not None:
                stage.ends = min(stage.ends, copy.closes_at)
            yield stage
        finally:
            database.close()


def _forget_durability(connection: Connection, _record: object) -> None:
    # What is thrown away need not survive a power cut.
    connection.execute("PRAGMA synchronous=OFF")


def _publish(settings: Settings, database: Database, original: Original, players: list[Player]) -> Round:
    round_ = original.round
    lasts = round_.closes_at - (round_.opens_at or round_.created_at) if round_.closes_at else None
    with database.writing() as stage:
        return publish_round(
            stage,
            definition=round_.definition,
            name=round_.name,
            partnership=original.partnership,
            parameters=round_.parameters,
            contacts=read_contacts(write_contacts(players)),
            roster=Roster(tuple(RosterEntry(**entry) for entry in round_.roster)) if round_.roster else None,
            open_link=round_.open_link,
            keyword=round_.keyword,
            confidentiality=round_.confidentiality,
            closes_at=FIRST_DAY + lasts if lasts else None,
            timezone=round_.timezone,
            budget_micros=round_.budget_micros,
            actor="rehearsal",
            secret_key=settings.secret_key,
            now=FIRST_DAY,
            sending=settings.sending,
        )


def _find_tokens(settings: Settings, database: Database) -> dict[str, str]:
    with database.reading() as session:
        rows = session.execute(
            select(Contact.name, Invitation.nonce).join(Invitation, Invitation.contact_id == Contact.id)
        ).all()
    return {name: derive_token(settings.secret_key, nonce) for name, nonce in rows}
