"""The tables. Constraints live here; behaviour lives in `services`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases; naive times are refused. SQLite keeps it as text without the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    # Straight to the value the driver takes: SQLAlchemy's own way of writing a time as text is four times as long.
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Give what makes a time ready to be stored."""
        return _dump_time if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Give what makes a stored time aware UTC again."""
        return _load_time if dialect.name == "sqlite" else _to_utc


def _to_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("times are aware UTC; this one has no zone")
    return value.astimezone(UTC)


def _dump_time(value: datetime | None) -> str | None:
    utc = _to_utc(value)
    return None if utc is None else utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def _load_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The base of all tables, with names for every constraint so that migrations can reach them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Partnership(Base):
    """Who asks: contacts, rounds and staff belong to one."""

    __tablename__ = "partnerships"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class User(Base):
    """A member of staff. `partnership_id` null: every partnership (admins)."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('admin', 'coordinator', 'evaluator')", name="role"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnerships.id"))
    active: Mapped[bool] = mapped_column(default=True)
    login_version: Mapped[int] = mapped_column(default=1)
    """Counts up with every change of password, role or status: older logins end."""
    created_at: Mapped[datetime]


class LoginThrottle(Base):
    """Failed logins of one account or from one address; ten, then back-off that doubles."""

    __tablename__ = "login_throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class Round(Base):
    """One fielding of one frozen definition.

    `state` is what people decided (`published`, `closed`); whether it is scheduled, open or past its time
    follows from `opens_at` and `closes_at`: see `services.rounds.find_status`. While it is `preparing`, nobody sees it:
    see `services.preparing`.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        CheckConstraint("state IN ('preparing', 'published', 'closed')", name="state"),
        CheckConstraint("confidentiality IN ('named', 'confidential', 'anonymous')", name="confidentiality"),
        UniqueConstraint("partnership_id", "name"),
        # Two open rounds never answer to the same word; a closed round gives its word back.
        Index(
            "uq_rounds_live_keyword",
            "keyword",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    definition_id: Mapped[str] = mapped_column(String(32))
    definition_version: Mapped[str] = mapped_column(String(40))
    definition: Mapped[str] = mapped_column(Text)
    """The frozen JSON, byte for byte as it was published."""
    parameters: Mapped[dict[str, Any]]
    roster: Mapped[list[dict[str, Any]] | None]
    """What the round asks about, where a section of its definition repeats over a roster: id, name, attributes."""
    confidentiality: Mapped[str] = mapped_column(String(20))
    open_link: Mapped[bool]
    keyword: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    sample_data: Mapped[bool] = mapped_column(default=False)
    """Whether its answers are marked as synthetic on every page and in every file."""
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    budget_micros: Mapped[int | None] = mapped_column(BigInteger)
    """What its texts may cost, in millionths of the price list's currency; null: no limit of its own."""
    inviting_from: Mapped[int | None] = mapped_column(BigInteger)
    """The last invitation whose first text was seen to, while those after it still have to be; null: nothing to do."""
    preparing_until: Mapped[datetime | None]
    """Until when whoever prepares it is believed to be at it; null in preparation: it was given up."""
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Contact(Base):
    """Someone a partnership may ask. Nothing here ever reaches an export."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("phone IS NOT NULL OR email IS NOT NULL", name="reachable"),
        UniqueConstraint("partnership_id", "phone"),
        UniqueConstraint("partnership_id", "email"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(16), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    group: Mapped[str | None] = mapped_column("group_name", String(80))
    language: Mapped[str | None] = mapped_column(String(16))
    timezone: Mapped[str | None] = mapped_column(String(64))
    organisation: Mapped[str | None] = mapped_column(String(200))
    consent: Mapped[str | None] = mapped_column(String(80))
    attributes: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Invitation(Base):
    """One contact asked in one round. Carries the personal link: only the token's hash is kept.

    The token itself can be made again from `nonce` with the service's secret key (`services.tokens`).
    `group` is frozen at publishing. `state`: `invited`, `started`, `finished`, `declined`.
    `mark`: what staff said of a case that nobody can answer for, a key of `exports.dispositions.MARKS`.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("state IN ('invited', 'started', 'finished', 'declined')", name="state"),
        CheckConstraint(
            "mark IN ('language', 'illness', 'death', 'other', 'duplicate', 'not_a_stakeholder', 'wrong_person')",
            name="mark",
        ),
        UniqueConstraint("round_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    group: Mapped[str | None] = mapped_column("group_id", String(80))
    language: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(20), default="invited")
    receipt: Mapped[dict[str, Any] | None]
    """Reference and day of a finished anonymous interview, which has itself no link back to the invitation."""
    mark: Mapped[str | None] = mapped_column(String(20))
    marked_at: Mapped[datetime | None]
    """When it was last marked, or the mark taken back."""
    created_at: Mapped[datetime]


def make_stamp() -> int:
    """Give a number that no row has had: 63 random bits."""
    return secrets.randbits(63)


class Interview(Base):
    """The course of answering one round, over any channel. `answers` is JSON by question id (`QuestionType.dump`).

    The answers of repeated sections stand among them, as `<section>-<row>-<question>`: see `forms.rows`.

    `state`: `started`, `finished` (submitted, or the last text answered), `declined`, `stopped` (STOP by text).
    `response_id` names it in exports; `reference` is what the respondent is given.
    `revision` counts stored changes; a page knows the one it was drawn from.
    """

    __tablename__ = "interviews"
    __table_args__ = (
        CheckConstraint("state IN ('started', 'finished', 'declined', 'stopped')", name="state"),
        CheckConstraint("entry IN ('invitation', 'open_link', 'keyword', 'import')", name="entry"),
        UniqueConstraint("round_id", "phone"),
        Index("ix_interviews_round_id_state", "round_id", "state"),
        Index("ix_interviews_round_id_channel_first", "round_id", "channel_first"),
        # what changed last, and whether anything did, without a look at the answers
        Index("ix_interviews_round_id_id", "round_id", "id", "updated_at", "stamp"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), unique=True)
    entry: Mapped[str] = mapped_column(String(12))
    """How the person came: `invitation`, `open_link`, `keyword` or `import`; it outlives the link to the invitation."""
    start_key: Mapped[str] = mapped_column(String(80), unique=True)
    """Idempotency: the same start (open-link form, invitation, keyword from one phone, import) is one interview."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(32))
    phone: Mapped[str | None] = mapped_column(String(16), index=True)
    group: Mapped[str | None] = mapped_column("group_id", String(80))
    response_id: Mapped[str] = mapped_column(String(32), unique=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    language: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(20))
    channel_first: Mapped[str] = mapped_column(String(8))
    channel_last: Mapped[str] = mapped_column(String(8))
    answers: Mapped[dict[str, Any]]
    given: Mapped[dict[str, Any]]
    """Answers known from the contact list; they count and are never asked."""
    revision: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    """The highest progress shown, in percent: the bar never goes backwards."""
    own_entry: Mapped[str | None] = mapped_column(String(32))
    """The roster entry that is the respondent's own organisation, and is not asked about."""
    asked: Mapped[str | None] = mapped_column(String(100))
    """The question last texted, while its answer is awaited; or a mark of `services.turns`, which begins with `+`."""
    asked_at: Mapped[datetime | None]
    """When `asked` was texted last: which of several open questions is the last one, and when one has gone cold."""
    reprompts: Mapped[int] = mapped_column(default=0)
    part: Mapped[int] = mapped_column(default=1)
    """Which part of the questions is texted: 1, 2 once the follow-up has begun, 0 where there will be none."""
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    stamp: Mapped[int] = mapped_column(BigInteger, default=make_stamp, onupdate=make_stamp)
    """A random number, another one with every change of the row: what is made of rows is named by their stamps."""


class AnswerEvent(Base):
    """What one page or one text changed: values as stored, raw text, the rule that read it and its certainty.

    `changes`: {question id: {"value": stored, "raw": text, "rule": name, "certainty": 0..1}}.
    `key` is the idempotency key of the form submission or inbound message, within its interview.
    """

    __tablename__ = "answer_events"
    __table_args__ = (UniqueConstraint("interview_id", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interviews.id"))
    key: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(8))
    section: Mapped[str | None] = mapped_column(String(32))
    changes: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class InboundMessage(Base):
    """One text received, and the exact reply that was given to it: the same message id gets the same bytes for ever."""

    __tablename__ = "inbound_messages"
    __table_args__ = (UniqueConstraint("gateway", "account", "message_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gateway: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str] = mapped_column(String(64))
    phone: Mapped[str] = mapped_column(String(16), index=True)
    our_number: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interviews.id"), index=True)
    reply: Mapped[str | None] = mapped_column(Text)
    """The words texted back; null: silence."""
    response: Mapped[str] = mapped_column(Text, default="")
    """The webhook's answer, byte for byte."""
    offered: Mapped[list[int] | None]
    """The interviews between which the reply lets the sender choose, where the text could belong to several."""
    received_at: Mapped[datetime]


class UnreadReply(Base):
    """A text that waits for a person: its words stand in the inbound message alone.

    `kind`: `unreadable` (the second reply to a question that could not be read, stored as -92), `peace` (a wish to be
    left alone that is no STOP), `loop` (too many texts in a short while: perhaps a robot).
    `outcome`: `read` (staff gave it a value), `kept` (it stays unreadable), `stopped`, `seen`; nothing while it waits.
    `version` counts resolutions, so that of two people who resolve at once the second one sees the first.
    """

    __tablename__ = "unread_replies"
    __table_args__ = (
        CheckConstraint("kind IN ('unreadable', 'peace', 'loop')", name="kind"),
        CheckConstraint("outcome IN ('read', 'kept', 'stopped', 'seen')", name="outcome"),
        UniqueConstraint("message_id", "kind"),
        Index("ix_unread_replies_round_id_outcome", "round_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("inbound_messages.id"))
    kind: Mapped[str] = mapped_column(String(10))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    """Null where the sender takes part in nothing: administrators see to it."""
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interviews.id"), index=True)
    question: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(10))
    resolved_by: Mapped[str | None] = mapped_column(String(254))
    resolved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)


class WaitingRound(Base):
    """A round that a phone asked for by its keyword while the questions of another were open."""

    __tablename__ = "waiting_rounds"

    phone: Mapped[str] = mapped_column(String(16), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    at: Mapped[datetime]


class OptOut(Base):
    """A number that said STOP and has not said START since."""

    __tablename__ = "opt_outs"

    phone: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]


class OutboundMessage(Base):
    """One text that we begin to send: the outbox. A row first, then a call; see `services.outbox` for its states.

    `key` is its idempotency: one contact, one round, one kind and one step is one text. Its `id` travels in the status
    callback's address. `fence` counts the attempts that took it; what an older attempt reports changes nothing.
    Money is in millionths of the price list's currency.
    """

    __tablename__ = "outbound_messages"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'reminder', 'follow_up')", name="kind"),
        CheckConstraint(
            "state IN ('queued', 'attempting', 'unknown', 'sent', 'delivered', 'failed', 'cancelled')", name="state"
        ),
        Index("ix_outbound_messages_due", "round_id", "state", "not_before"),
        Index("ix_outbound_messages_state", "state", "not_before"),
        Index("ix_outbound_messages_page", "round_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interviews.id"), index=True)
    """The interview whose open question a reminder repeats; null: nobody has begun."""
    kind: Mapped[str] = mapped_column(String(12))
    step: Mapped[int] = mapped_column(default=0)
    asked: Mapped[str | None] = mapped_column(String(100))
    """The question that it repeats, as in `interviews.asked`: answered meanwhile, it is not sent."""
    gateway: Mapped[str] = mapped_column(String(20))
    sender: Mapped[str] = mapped_column(String(32))
    phone: Mapped[str] = mapped_column(String(16), index=True)
    timezone: Mapped[str | None] = mapped_column(String(64))
    """The contact's own zone, for quiet hours; null: the strictest zone of the number."""
    body: Mapped[str] = mapped_column(Text)
    segments: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="queued")
    reason: Mapped[str | None] = mapped_column(String(40))
    """Why it stands where it stands, as one word of `services.outbox.REASONS`."""
    error_code: Mapped[str | None] = mapped_column(String(20))
    """What the gateway said, in its own code."""
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    looks: Mapped[int] = mapped_column(default=0)
    """How often the gateway's list was asked about it without an answer."""
    resent: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime]
    """While queued: when it may go. While unknown: when to look for it next."""
    valid_until: Mapped[datetime]
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    """The price list's estimate, then what the gateway says; null where no price is known."""
    provider_id: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class Sender(Base):
    """One of our numbers, and when it is free for the next text: the rate that all workers together keep."""

    __tablename__ = "senders"

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    free_at: Mapped[datetime]


class SendingTally(Base):
    """What was sent, counted as it is sent: `scope` is `all` or `round:<id>`; `day` a UTC day, or empty for ever."""

    __tablename__ = "sending_tallies"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    messages: Mapped[int] = mapped_column(BigInteger, default=0)
    segments: Mapped[int] = mapped_column(BigInteger, default=0)
    cost_micros: Mapped[int] = mapped_column(BigInteger, default=0)


class SendingPause(Base):
    """Sending stands still while the row is there: of everything (`all`) or of one round (`round:<id>`)."""

    __tablename__ = "sending_pauses"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]


class JobMark(Base):
    """How far a job has come that reads a table from its beginning to its end."""

    __tablename__ = "job_marks"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_id: Mapped[int] = mapped_column(BigInteger)


class Publication(Base):
    """The results of a round as they were last told: of an open round they are told again until newer ones may be.

    `content` is aggregates only (`exports.scorecards.published`). `final`: they are those of a closed round, `as_of`
    the last change in it. `next_look`: how many interviews must be over before newer ones are worth a look. `version`
    counts up, so that of two who made new ones at once only one replaces what both saw.
    """

    __tablename__ = "publications"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    content: Mapped[dict[str, Any]]
    final: Mapped[bool]
    as_of: Mapped[datetime]
    next_look: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]


class Heartbeat(Base):
    """A process that runs the jobs, and when it was last seen."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Export(Base):
    """One file that somebody asked for, made in the background; see `services.downloads` for its states.

    `wishes` are the fields of `exports.options.Options`. `lease_until`: until when whoever makes it is believed to be
    alive; what is past it is taken up again. `file` lies in the folder of exports, under a name of its own.
    """

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')", name="state"),
        CheckConstraint("level IN ('summary', 'research', 'restricted')", name="level"),
        Index("ix_exports_state", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    format: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(12))
    wishes: Mapped[dict[str, Any]]
    why: Mapped[str] = mapped_column(String(500))
    requested_by: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    progress: Mapped[int] = mapped_column(default=0)
    """In percent."""
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(300))
    """What the file is called by whoever takes it away."""
    file: Mapped[str | None] = mapped_column(String(80))
    size: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(String(500))
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class CommentReading(Base):
    """What a person decided who read a comment: `shown` in these words, names replaced, or `kept_back`.

    `digest` is of the comment as it was read: one that was changed since has to be read again. `version` counts up.
    """

    __tablename__ = "comment_readings"
    __table_args__ = (
        CheckConstraint("outcome IN ('shown', 'kept_back')", name="outcome"),
        UniqueConstraint("interview_id", "question"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    read_by: Mapped[str] = mapped_column(String(254))
    read_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class AnswerImport(Base):
    """A file with answers that staff sent in: judged in the background, then brought in if they say so.

    `state` as of an export, and `judged` (nothing is wrong: staff decide), `faulty`. `wish`: whether it is judged or
    brought in next. `files`: [{"section": "", "file": name in the folder of imports}], gone once they are not needed.
    `report`: {"responses", "new", "unchanged", "ignored": [], "faults": [[row, column, sentence]]}, without any answer.
    """

    __tablename__ = "answer_imports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'running', 'judged', 'faulty', 'done', 'failed', 'cancelled', 'expired')",
            name="state",
        ),
        CheckConstraint("wish IN ('judge', 'import')", name="wish"),
        Index("ix_answer_imports_state", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    files: Mapped[list[dict[str, Any]]]
    wish: Mapped[str] = mapped_column(String(8), default="judge")
    state: Mapped[str] = mapped_column(String(12), default="queued")
    progress: Mapped[int] = mapped_column(default=0)
    """In percent."""
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(String(500))
    requested_by: Mapped[str] = mapped_column(String(254))
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class FeedToken(Base):
    """What a program shows to read the feeds of a partnership's rounds; the token itself is kept as a hash only.

    `user_id` and `login_version`: whose login made it, where one did; it ends with the logins of that version.
    """

    __tablename__ = "feed_tokens"
    __table_args__ = (CheckConstraint("level IN ('research', 'restricted')", name="level"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(String(500))
    level: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    login_version: Mapped[int | None]
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was first used on the last day on which it was used at all."""
    revoked_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what, when. Never a name, number, token or answer of a respondent."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(60))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnerships.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    detail: Mapped[dict[str, Any]]
