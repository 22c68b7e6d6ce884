"""One turn of a conversation: a text comes in while a question is open, and the next words go out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from forms.definition import SMS, WEB, Question, Text
from forms.interview import CONSENT_NO, CONSENT_YES
from forms.sms.prompts import build_prompt, build_reprompt
from forms.sms.replies import Unreadable, read_reply
from forms.values import Missing
from surveyapp.models import InboundMessage
from surveyapp.services import texts
from surveyapp.services.flags import PEACE, UNREADABLE, has_flag, raise_flag
from surveyapp.services.incoming import Incoming
from surveyapp.services.interviews import Change, finish_interview, look_ahead, note_standing, record_answers
from surveyapp.services.keywords import find_language, read_command, wants_peace
from surveyapp.services.outbox import EXPIRES
from surveyapp.services.standings import FOLLOW_UP_PART, Standing
from surveyapp.services.tokens import derive_token

OWN_CONSENT = "+consent"
"""Stands in `interviews.asked` while our own question for consent is open: the definition has none."""

MOST_CONSENT_REPROMPTS = 3
_OWN_CONSENT_QUESTION = Question(id="consent", type="consent", label=Text({"en": ""}, "en"), required=True)


def is_cold(standing: Standing, now: datetime) -> bool:
    """Whether the open question has waited for an answer too long; a late one is still taken."""
    at = standing.asked_at or standing.updated_at
    return at is not None and now - at > EXPIRES


def take_turn(incoming: Incoming, standing: Standing) -> tuple[str | None, Standing]:
    """Answer a text that came while a question of this interview (found with `lock`) is open.

    Gives the reply and the new standing.
    """
    question = _find_asked(standing)
    if question is None:
        return go_on(incoming, standing)
    languages = standing.round.definition.languages
    wish = find_language(incoming.body, languages)
    if wish:
        return ask_again(incoming, note_standing(incoming.session, standing, language=wish))
    if wish is not None:
        return texts.say_languages(standing.language, languages), standing
    command = "HELP" if incoming.opt_out == "HELP" else None
    command = command or read_command(incoming.word, free_text=question.type == "text")
    if command == "HELP":
        return texts.say_help(standing.language, find_who(standing)), standing
    if command == "WEB":
        return texts.say_web_link(standing.language, build_link(incoming, standing)), standing
    if command == "BACK":
        return _go_back(standing, incoming, question)
    if command == "START" or incoming.word == standing.round.keyword:
        return ask_again(incoming, standing)
    return _take_reply(incoming, standing, question)


def go_on(incoming: Incoming, standing: Standing) -> tuple[str, Standing]:
    """Ask the first question that is open now; where the web has answered all of them, say where the rest is."""
    question = standing.interview.next_question(SMS, _find_part(standing))
    if question is None:
        return texts.say_rest_is_on_the_web(standing.language, build_link(incoming, standing)), standing
    standing = note_standing(incoming.session, standing, **_ask(incoming, question.id))
    return build_question(standing, question), standing


def _ask(incoming: Incoming, question_id: str | None) -> dict[str, Any]:
    """Give the facts of an interview whose question has just been asked."""
    return {"asked": question_id, "asked_at": incoming.now, "reprompts": 0}


def ask_first(incoming: Incoming, standing: Standing) -> tuple[str, Standing]:
    """Begin to text, or take up by text what was begun elsewhere: consent comes before anything else."""
    if _asks_consent(standing):
        prompt, standing = go_on(incoming, standing)
    else:
        standing = note_standing(incoming.session, standing, **_ask(incoming, OWN_CONSENT))
        prompt = build_question(standing, _OWN_CONSENT_QUESTION)
    return texts.add_languages(prompt, standing.language, standing.round.definition.languages), standing


def build_first(standing: Standing) -> str:
    """Give the words of `ask_first` for somebody who has not begun, without beginning: an invitation by text.

    The round asks something by text besides consent.
    """
    question = standing.interview.next_question(SMS) if _asks_consent(standing) else None
    prompt = build_question(standing, question or _OWN_CONSENT_QUESTION)
    return texts.add_languages(prompt, standing.language, standing.round.definition.languages)


def build_open(standing: Standing) -> str | None:
    """Give the words of the question whose answer is awaited; nothing where none is: a reminder repeats them."""
    question = _find_asked(standing)
    return None if question is None else build_question(standing, question)


def _asks_consent(standing: Standing) -> bool:
    return any(question.type == "consent" for question in standing.interview.questions_in(SMS))


def ask_again(incoming: Incoming, standing: Standing) -> tuple[str, Standing]:
    """Repeat the open question, or ask the next where the web has answered it meanwhile."""
    question = _find_asked(standing)
    if question is None:
        return go_on(incoming, standing)
    standing = note_standing(incoming.session, standing, asked_at=incoming.now)
    return build_question(standing, question), standing


def takes(incoming: Incoming, standing: Standing) -> bool:
    """Whether the text is an answer to the open question of this interview."""
    question = _find_asked(standing)
    return question is not None and _can_read(standing, question, incoming.body)


def is_free_text(standing: Standing) -> bool:
    """Whether the open question takes any words."""
    question = _find_asked(standing)
    return question is not None and question.type == "text"


def build_question(standing: Standing, question: Question) -> str:
    """Give the words of a question as they are texted."""
    if question is not _OWN_CONSENT_QUESTION:
        return build_prompt(standing.interview, question, standing.language)
    count = len(standing.interview.questions_in(SMS))
    confidential = standing.round.confidentiality != "named"
    return texts.ask_consent(standing.language, find_who(standing), count, confidential=confidential)


def build_link(incoming: Incoming, standing: Standing) -> str:
    """Give the personal link: it opens at the next question."""
    return f"{incoming.public_url}/a/{derive_token(incoming.secret_key, standing.nonce)}"


def find_who(standing: Standing) -> str:
    """Give who asks, as its people call it."""
    return standing.round.parameters.get("partnership") or standing.round.partnership


def _find_part(standing: Standing) -> int:
    return FOLLOW_UP_PART if standing.part == FOLLOW_UP_PART else 1


def _list_asked(standing: Standing) -> tuple[Question, ...]:
    """Give the questions of the part that is texted now."""
    return standing.interview.questions_in(SMS, _find_part(standing))


def _find_asked(standing: Standing) -> Question | None:
    """Give the question whose answer is awaited, unless it is off the path or was answered on the web since."""
    if standing.asked == OWN_CONSENT:
        return _OWN_CONSENT_QUESTION
    question = next((q for q in _list_asked(standing) if q.id == standing.asked), None)
    if question is not None and standing.channel_last == WEB and not standing.interview.is_open(question):
        return None
    return question


def _go_back(standing: Standing, incoming: Incoming, question: Question) -> tuple[str, Standing]:
    """Ask the question before this one again; its answer stands until a new one comes."""
    before = None
    for candidate in _list_asked(standing):
        if candidate.id == question.id:
            break
        before = candidate
    if before is None or question is _OWN_CONSENT_QUESTION:
        return build_question(standing, question), standing
    standing = note_standing(incoming.session, standing, **_ask(incoming, before.id))
    return build_question(standing, before), standing


def _can_read(standing: Standing, question: Question, body: str) -> bool:
    try:
        read_reply(standing.interview, question, body, standing.language)
    except Unreadable:
        return False
    return True


def _take_reply(incoming: Incoming, standing: Standing, question: Question) -> tuple[str | None, Standing]:
    suggested = _find_suggestion(incoming, standing, question)
    try:
        reading = read_reply(standing.interview, question, incoming.body, standing.language, suggested=suggested)
    except Unreadable as error:
        if wants_peace(incoming.body) and not has_flag(incoming, standing, PEACE):
            raise_flag(incoming, PEACE, standing, question.id)
            return texts.say_how_to_stop(standing.language), standing
        if is_cold(standing, incoming.now):
            return ask_again(incoming, standing)
        return _ask_better(incoming, standing, question, error)
    if wants_peace(incoming.body):
        raise_flag(incoming, PEACE, standing, question.id)
    if question.type == "consent" and reading.value not in (CONSENT_YES, CONSENT_NO):
        return _ask_better(incoming, standing, question, Unreadable())
    if question is not _OWN_CONSENT_QUESTION:
        change = Change(reading.value, incoming.body, reading.rule, reading.certainty)
        return _record(incoming, standing, question, change, reading.specified)
    if reading.value == CONSENT_NO:
        return _end(incoming, standing, declined=True)
    return _ask_next(incoming, standing)


def _find_suggestion(incoming: Incoming, standing: Standing, question: Question) -> str | None:
    """Give the code of the "Did you mean ...?" that went out last, so that YES can confirm it."""
    if standing.reprompts == 0:
        return None
    sent = select(InboundMessage.body).where(InboundMessage.interview_id == standing.id)
    body = incoming.session.execute(sent.order_by(InboundMessage.id.desc()).limit(1)).scalar()
    try:
        read_reply(standing.interview, question, body or "", standing.language)
    except Unreadable as error:
        return error.suggestion
    return None


def _ask_better(
    incoming: Incoming, standing: Standing, question: Question, error: Unreadable
) -> tuple[str | None, Standing]:
    """Ask once more, with the choices; the second text that cannot be read is kept as -92, and on it goes.

    Without a YES nothing goes on: consent is asked again a few times, then there is silence until YES or NO.
    """
    most = MOST_CONSENT_REPROMPTS if question.type == "consent" else 1
    if standing.reprompts < most:
        facts = {"reprompts": standing.reprompts + 1, "asked_at": incoming.now}
        standing = note_standing(incoming.session, standing, **facts)
        again = build_reprompt(
            standing.interview, question, standing.language, suggestion=error.suggestion, reason=error.reason
        )
        return again, standing
    if question.type == "consent":
        return None, standing
    if not standing.interview.is_open(question):
        # Asked again by BACK: what was answered before is better than nothing.
        return go_on(incoming, standing)
    raise_flag(incoming, UNREADABLE, standing, question.id)
    return _record(incoming, standing, question, Change(Missing.UNREADABLE, incoming.body, "unreadable", 0.0))


def _record(
    incoming: Incoming, standing: Standing, question: Question, change: Change, specified: str | None = None
) -> tuple[str | None, Standing]:
    """Store the answer with what stands beside it, and with it which question is open next."""
    changes = {question.id: change}
    if question.specification is not None and question.specifies(change.value):
        changes[question.specification.id] = replace(change, value=specified)
    ahead = look_ahead(standing, changes)
    upcoming = ahead.next_question(SMS, _find_part(standing))
    standing = record_answers(
        incoming.session,
        standing,
        changes,
        channel=SMS,
        key=incoming.key,
        now=incoming.now,
        ahead=ahead,
        **_ask(incoming, upcoming.id if upcoming else None),
    )
    if upcoming is None:
        return _end(incoming, standing)
    return build_question(standing, upcoming), standing


def _ask_next(incoming: Incoming, standing: Standing) -> tuple[str | None, Standing]:
    upcoming = standing.interview.next_question(SMS, _find_part(standing))
    if upcoming is None:
        return _end(incoming, standing)
    facts = _ask(incoming, upcoming.id) | {"updated_at": incoming.now}
    standing = note_standing(incoming.session, standing, **facts)
    return build_question(standing, upcoming), standing


def _end(incoming: Incoming, standing: Standing, *, declined: bool = False) -> tuple[str, Standing]:
    if standing.state == "finished":  # at the end of a follow-up
        standing = note_standing(incoming.session, standing, asked=None)
    else:
        standing = finish_interview(incoming.session, standing, channel=SMS, now=incoming.now, declined=declined)
    if standing.state == "declined":
        return texts.say_declined(standing.language), standing
    closing = standing.round.definition.closing
    words = standing.interview.say(closing.in_(standing.language), standing.language) if closing else None
    return texts.say_thanks(standing.language, standing.reference, words), standing
