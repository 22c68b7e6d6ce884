"""The conversation with one phone: what a text is answered with, within an interview, before one and after its end."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from surveyapp.services import texts
from surveyapp.services.choosing import go_on_with
from surveyapp.services.flags import LOOP, PEACE, has_flag, raise_flag, raise_flag_once
from surveyapp.services.handover import take_over
from surveyapp.services.incoming import Incoming
from surveyapp.services.interviews import note_standing
from surveyapp.services.keywords import read_command, wants_peace
from surveyapp.services.openings import (
    OF_PHONE,
    Turn,
    begin_by_keyword,
    begin_waiting,
    find_one,
    find_spoken,
    list_invitations,
)
from surveyapp.services.pacing import is_loop, was_answered
from surveyapp.services.standings import (
    CLOSED,
    ENDED,
    INTERVIEWS,
    ROUNDS,
    SCHEDULED,
    RoundFacts,
    Standing,
    find_by_hash,
    find_round_facts,
    find_status,
    is_open,
    list_asked,
)
from surveyapp.services.turns import ask_again, find_who

OTHERWISE = "en"
"""The language of a sender of whom nothing is known."""

_BY_KEYWORD = (
    select(ROUNDS.c.code)
    .where(ROUNDS.c.keyword == bindparam("keyword"))
    .order_by(ROUNDS.c.state.desc(), ROUNDS.c.id.desc())
    .limit(1)
)


def answer(incoming: Incoming) -> Turn:
    """Answer a text that is no STOP: in the interview whose question is open, else begin one, else say why not."""
    handed = take_over(incoming)
    if handed is not None:
        return handed
    keyword_round = _find_keyword(incoming)
    asked = list_asked(incoming.session, incoming.phone, incoming.now)
    if asked:
        return go_on_with(incoming, asked, keyword_round)
    if incoming.opt_out == "HELP" or read_command(incoming.word) == "HELP":
        return _help(incoming)
    begun = begin_by_keyword(incoming, keyword_round) if keyword_round else begin_waiting(incoming)
    if begun is not None:
        return begun
    last = _find_last(incoming, keyword_round)
    if wants_peace(incoming.body) and not has_flag(incoming, last, PEACE):
        raise_flag(incoming, PEACE, last)
        return Turn(None if must_be_quiet(incoming) else texts.say_how_to_stop(find_language(incoming)))
    if last is not None:
        return _answer_after_end(incoming, last)
    if must_be_quiet(incoming) or (keyword_round is None and was_answered(incoming.session, incoming.phone)):
        return Turn(None)
    return Turn(_turn_away(incoming, keyword_round))


def resume_all(incoming: Incoming) -> Turn:
    """Take up again what STOP ended, and ask the question that was open then."""
    language = find_language(incoming)
    incoming.session.execute(
        update(INTERVIEWS)
        .where(
            INTERVIEWS.c.phone == incoming.phone,
            INTERVIEWS.c.state == "stopped",
            INTERVIEWS.c.round_id.in_(select(ROUNDS.c.id).where(is_open(incoming.now))),
        )
        .values(state="started")
    )
    asked = list_asked(incoming.session, incoming.phone, incoming.now)
    if not asked:
        return Turn(texts.say_texts_on(language))
    question, current = ask_again(incoming, asked[0])
    return Turn(f"{texts.say_welcome_back(current.language)}\n{question}", current.id)


def find_language(incoming: Incoming) -> str:
    """Give the language in which this phone was spoken to last, else the one that a contact list gives it."""
    return find_spoken(incoming) or OTHERWISE


def must_be_quiet(incoming: Incoming) -> bool:
    """Whether this looks like two robots; a person is shown it."""
    loops = is_loop(incoming.session, incoming.phone, incoming.now)
    if loops:
        raise_flag_once(incoming, LOOP, None)
    return loops


def _find_keyword(incoming: Incoming) -> RoundFacts | None:
    """Give the round that answers to this word: the live one, else the latest that is closed."""
    if not incoming.word[:1].isalpha():
        return None  # every keyword begins with a letter, and most texts are a number
    code = incoming.session.execute(_BY_KEYWORD, {"keyword": incoming.word}).scalar()
    return None if code is None else find_round_facts(incoming.session, code)


def _find_last(incoming: Incoming, keyword_round: RoundFacts | None) -> Standing | None:
    """Give this phone's interview that was last active (of the round that it named)."""
    query = OF_PHONE
    if keyword_round is not None:
        query = query.where(INTERVIEWS.c.round_id == keyword_round.id)
    return find_one(incoming, query)


def _answer_after_end(incoming: Incoming, last: Standing) -> Turn:
    """Answer politely once after the end of an interview or of its round; then silence."""
    if last.asked == ENDED:
        return Turn(None, last.id)
    note_standing(incoming.session, last, asked=ENDED)
    if last.state == "finished":
        return Turn(texts.say_already_finished(last.language, last.reference), last.id)
    if last.state == "declined":
        return Turn(texts.say_already_declined(last.language), last.id)
    return Turn(texts.say_closed(last.language), last.id)


def _help(incoming: Incoming) -> Turn:
    if must_be_quiet(incoming):
        return Turn(None)
    waiting = incoming.session.execute(list_invitations(incoming).where(is_open(incoming.now)).limit(1)).scalar()
    known = find_by_hash(incoming.session, waiting, incoming.now) if waiting else find_one(incoming, OF_PHONE)
    return Turn(texts.say_help(find_language(incoming), find_who(known) if known else None))


def _turn_away(incoming: Incoming, keyword_round: RoundFacts | None) -> str:
    """Say why nothing can be answered: the round is not open, or there is none."""
    language = find_language(incoming)
    if keyword_round is not None:
        language = keyword_round.definition.choose_language(find_spoken(incoming))
        scheduled = keyword_round.find_status(incoming.now) == SCHEDULED
        return texts.say_not_open_yet(language) if scheduled else texts.say_closed(language)
    columns = (ROUNDS.c.state, ROUNDS.c.opens_at, ROUNDS.c.closes_at)
    rows = incoming.session.execute(list_invitations(incoming).with_only_columns(*columns))
    statuses = {find_status(*row, incoming.now) for row in rows}
    if SCHEDULED in statuses:
        return texts.say_not_open_yet(language)
    return texts.say_closed(language) if CLOSED in statuses else texts.say_unknown(language)
