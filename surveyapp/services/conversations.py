"""The conversation with one phone: which interview a text belongs to, how one begins, what follows its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import Select, Table, bindparam, delete, select, update

from forms.definition import SMS
from forms.text import fold_digits
from surveyapp.database import insert_once
from surveyapp.models import InboundMessage, WaitingRound
from surveyapp.services import texts
from surveyapp.services.flags import LOOP, PEACE, has_flag, raise_flag, raise_flag_once
from surveyapp.services.incoming import Incoming
from surveyapp.services.interviews import begin_invited, note_standing, start_phone_interview
from surveyapp.services.keywords import read_command, read_word, wants_peace
from surveyapp.services.outbox import find_texted
from surveyapp.services.pacing import is_loop, is_stuck, was_answered
from surveyapp.services.standings import (
    CLOSED,
    CONTACTS,
    INTERVIEWS,
    INVITATIONS,
    OPEN,
    ROUNDS,
    SCHEDULED,
    RoundFacts,
    Standing,
    find_by_hash,
    find_by_id,
    find_round_facts,
    find_status,
    is_open,
    list_asked,
)
from surveyapp.services.turns import ENDED, ask_again, ask_first, find_who, is_cold, is_free_text, take_turn, takes

INBOUND = cast(Table, InboundMessage.__table__)
WAITING = cast(Table, WaitingRound.__table__)
OTHERWISE = "en"
"""The language of a sender of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is texted back (`None`: silence), and the interview that it belongs to.

    `offered`: the interviews between which it lets the sender choose.
    """

    reply: str | None
    interview_id: int | None = None
    offered: tuple[int, ...] = ()


def answer(incoming: Incoming) -> Turn:
    """Answer a text that is no STOP: in the interview whose question is open, else begin one, else say why not."""
    keyword_round = _find_keyword(incoming)
    asked = list_asked(incoming.session, incoming.phone, incoming.now)
    if asked:
        return _go_on_with(incoming, asked, keyword_round)
    if incoming.opt_out == "HELP" or read_command(incoming.word) == "HELP":
        return _help(incoming)
    begun = _begin_by_keyword(incoming, keyword_round) if keyword_round else _begin_waiting(incoming)
    if begun is not None:
        return begun
    last = _find_last(incoming, keyword_round)
    if wants_peace(incoming.body) and not has_flag(incoming, last, PEACE):
        raise_flag(incoming, PEACE, last)
        return Turn(None if must_be_quiet(incoming) else texts.say_how_to_stop(find_language(incoming)))
    if last is not None:
        return _answer_after_end(incoming, last)
    if must_be_quiet(incoming) or (keyword_round is None and was_answered(incoming)):
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
    return _find_spoken(incoming) or OTHERWISE


def must_be_quiet(incoming: Incoming) -> bool:
    """Whether this looks like two robots; a person is shown it."""
    loops = is_loop(incoming)
    if loops:
        raise_flag_once(incoming, LOOP, None)
    return loops


def _find_spoken(incoming: Incoming) -> str | None:
    spoken = select(INTERVIEWS.c.language).where(INTERVIEWS.c.phone == incoming.phone)
    found = incoming.session.execute(spoken.order_by(INTERVIEWS.c.id.desc()).limit(1)).scalar()
    if found is None:
        listed = select(CONTACTS.c.language).where(CONTACTS.c.phone == incoming.phone, CONTACTS.c.language.is_not(None))
        found = incoming.session.execute(listed.order_by(CONTACTS.c.id).limit(1)).scalar()
    return found


_OF_PHONE = (
    select(INTERVIEWS.c.id)
    .join(ROUNDS, ROUNDS.c.id == INTERVIEWS.c.round_id)
    .where(INTERVIEWS.c.phone == bindparam("phone"))
    .order_by(INTERVIEWS.c.updated_at.desc(), INTERVIEWS.c.id.desc())
    .limit(1)
)
_UNDER_WAY = _OF_PHONE.where(INTERVIEWS.c.state == "started", is_open(bindparam("now", type_=ROUNDS.c.opens_at.type)))
_LAST_OFFER = (
    select(INBOUND.c.offered, INBOUND.c.body)
    .where(INBOUND.c.phone == bindparam("phone"), INBOUND.c.id < bindparam("wanted"))
    .order_by(INBOUND.c.id.desc())
    .limit(1)
)
_BY_KEYWORD = (
    select(ROUNDS.c.code)
    .where(ROUNDS.c.keyword == bindparam("keyword"))
    .order_by(ROUNDS.c.state.desc(), ROUNDS.c.id.desc())
    .limit(1)
)


def _find(incoming: Incoming, query: Select[int]) -> Standing | None:
    found = incoming.session.execute(query, {"phone": incoming.phone, "now": incoming.now}).scalar()
    return None if found is None else find_by_id(incoming.session, found, incoming.now, lock=True)


def _find_keyword(incoming: Incoming) -> RoundFacts | None:
    """Give the round that answers to this word: the live one, else the latest that is closed."""
    if not incoming.word[:1].isalpha():
        return None  # every keyword begins with a letter, and most texts are a number
    code = incoming.session.execute(_BY_KEYWORD, {"keyword": incoming.word}).scalar()
    return None if code is None else find_round_facts(incoming.session, code)


def _go_on_with(incoming: Incoming, asked: tuple[Standing, ...], keyword_round: RoundFacts | None) -> Turn:
    """Go on with the interview that was asked last, unless the text names another or could belong to several."""
    named = next((one for one in asked if keyword_round and one.round.id == keyword_round.id), None)
    current = named or asked[0]
    if named is None and is_cold(current, incoming.now):
        begun = _begin_by_keyword(incoming, keyword_round) if keyword_round else None
        if begun is not None:
            return begun
        if len(asked) > 1 and not _is_obeyed(incoming):
            return _choose(incoming, asked)
    elif named is None and keyword_round and _wait(incoming, current, keyword_round):
        question, current = ask_again(incoming, current)
        return Turn(f"{texts.say_comes_next(current.language)}\n{question}", current.id)
    return _go_on(incoming, current)


def _go_on(incoming: Incoming, current: Standing) -> Turn:
    if is_stuck(incoming):
        raise_flag_once(incoming, LOOP, current)
        return Turn(None, current.id)
    reply, current = take_turn(incoming, current)
    if current.over:
        following = _begin_next(incoming)
        if following is not None:
            reply = f"{reply}\n{following.reply}"
    return Turn(reply, current.id)


def _is_obeyed(incoming: Incoming) -> bool:
    return incoming.opt_out == "HELP" or read_command(incoming.word, free_text=True) is not None


def _wait(incoming: Incoming, current: Standing, round_: RoundFacts) -> bool:
    """Let a round that was named by its keyword wait until this interview is over; not where it cannot begin then.

    A keyword that answers the open question is an answer.
    """
    if round_.find_status(incoming.now) != OPEN or (not is_free_text(current) and takes(incoming, current)):
        return False
    mine = INTERVIEWS.c.phone == incoming.phone, INTERVIEWS.c.round_id == round_.id
    over = select(INTERVIEWS.c.id).where(*mine, INTERVIEWS.c.state.in_(("finished", "declined")))
    if incoming.session.execute(over).first():
        return False
    wish = {"phone": incoming.phone, "round_id": round_.id, "at": incoming.now}
    insert_once(incoming.session, WAITING, wish)
    return True


def _choose(incoming: Incoming, asked: tuple[Standing, ...]) -> Turn:
    """Ask which of several open questions, all gone cold, a text belongs to; or obey what was chosen."""
    chosen, earlier = _find_chosen(incoming, asked)
    if chosen is not None:
        answer_ = replace(incoming, body=earlier, word=read_word(earlier))
        if takes(answer_, chosen):
            return _go_on(answer_, chosen)
        question, chosen = ask_again(incoming, chosen)
        return Turn(question, chosen.id)
    fitting = [one for one in asked if takes(incoming, one)]
    if len(fitting) == 1:
        return _go_on(incoming, fitting[0])
    names = [find_who(one) for one in asked]
    if len(set(names)) < len(names):
        names = [one.round.name for one in asked]
    if is_stuck(incoming):
        raise_flag_once(incoming, LOOP, asked[0])
        return Turn(None, asked[0].id)
    return Turn(texts.say_which(asked[0].language, names), offered=tuple(one.id for one in asked if one.id))


def _find_chosen(incoming: Incoming, asked: tuple[Standing, ...]) -> tuple[Standing | None, str]:
    """Give the interview that `1` or `2` names, where the last reply offered a choice, and the text that it is for."""
    last = incoming.session.execute(_LAST_OFFER, {"phone": incoming.phone, "wanted": incoming.message_id}).first()
    number = fold_digits(incoming.word)
    if last is None or not last.offered or not number.isdigit() or len(number) > 1:
        return None, ""
    place = int(number) - 1
    wanted = last.offered[place] if 0 <= place < len(last.offered) else None
    return next((one for one in asked if one.id == wanted), None), last.body


def _begin_by_keyword(incoming: Incoming, round_: RoundFacts) -> Turn | None:
    """Begin the round of a keyword, or take it up again; nothing where it is over for this phone or not open."""
    if round_.find_status(incoming.now) != OPEN:
        return None
    session = incoming.session
    standing = _find(incoming, _OF_PHONE.where(INTERVIEWS.c.round_id == round_.id))
    if standing is None:
        invited = session.execute(_invitations(incoming).where(ROUNDS.c.id == round_.id)).scalar()
        if invited is not None:
            standing = find_by_hash(session, invited, incoming.now, lock=True)
    if standing is None:
        language = round_.definition.choose_language(_find_spoken(incoming))
        standing = start_phone_interview(
            session,
            round_,
            incoming.phone,
            language=language,
            secret_key=incoming.secret_key,
            now=incoming.now,
        )
    return None if standing.over else _begin(incoming, standing)


def _begin_next(incoming: Incoming) -> Turn | None:
    """Begin what waited for the end of an interview: a round asked for by keyword, else one with an invitation."""
    waiting = select(ROUNDS.c.id, ROUNDS.c.code).join(WAITING, WAITING.c.round_id == ROUNDS.c.id)
    mine = waiting.where(WAITING.c.phone == incoming.phone).order_by(WAITING.c.at, ROUNDS.c.id)
    for row in incoming.session.execute(mine).all():
        done = delete(WAITING).where(WAITING.c.phone == incoming.phone, WAITING.c.round_id == row.id)
        incoming.session.execute(done)
        begun = _begin_by_keyword(incoming, find_round_facts(incoming.session, row.code))
        if begun is not None:
            return begun
    return _begin_invitation(incoming)


def _begin_waiting(incoming: Incoming) -> Turn | None:
    """Begin the first open round that this phone is invited to, or take up by text what it began on the web."""
    standing = _find(incoming, _UNDER_WAY)
    if standing is not None:
        return _begin(incoming, standing)
    return _answer_first_text(incoming) or _begin_invitation(incoming)


def _answer_first_text(incoming: Incoming) -> Turn | None:
    """Take the text as the answer to what we asked first: the invitation that was texted last is what it speaks of."""
    for invitation_id in find_texted(incoming.session, incoming.phone):
        waiting = _invitations(incoming).where(
            INVITATIONS.c.id == invitation_id, INVITATIONS.c.state == "invited", is_open(incoming.now)
        )
        token_hash = incoming.session.execute(waiting).scalar()
        if token_hash is not None:
            standing = find_by_hash(incoming.session, token_hash, incoming.now, lock=True)
            standing = begin_invited(incoming.session, standing, channel=SMS, now=incoming.now)
            _, standing = ask_first(incoming, standing)
            reply, standing = take_turn(incoming, standing)
            return Turn(reply, standing.id)
    return None


def _begin_invitation(incoming: Incoming) -> Turn | None:
    """Begin the first open round that this phone is invited to and nobody has begun."""
    waiting = _invitations(incoming).where(INVITATIONS.c.state == "invited", is_open(incoming.now))
    for token_hash in incoming.session.execute(waiting).scalars():
        standing = find_by_hash(incoming.session, token_hash, incoming.now, lock=True)
        if any(question.type != "consent" for question in standing.interview.questions_in(SMS)):
            return _begin(incoming, standing)
    return None


def _invitations(incoming: Incoming) -> Select[str]:
    """Invitations of this phone; anonymous rounds are never texted, since the number is known."""
    return (
        select(INVITATIONS.c.token_hash)
        .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .join(ROUNDS, ROUNDS.c.id == INVITATIONS.c.round_id)
        .where(CONTACTS.c.phone == incoming.phone, ROUNDS.c.confidentiality != "anonymous")
        .order_by(INVITATIONS.c.id)
    )


def _begin(incoming: Incoming, standing: Standing) -> Turn:
    standing = begin_invited(incoming.session, standing, channel=SMS, now=incoming.now)
    if standing.state == "stopped":
        standing = note_standing(incoming.session, standing, state="started")
    reply, standing = ask_first(incoming, standing)
    return Turn(reply, standing.id)


def _find_last(incoming: Incoming, keyword_round: RoundFacts | None) -> Standing | None:
    """Give this phone's interview that was last active (of the round that it named)."""
    query = _OF_PHONE
    if keyword_round is not None:
        query = query.where(INTERVIEWS.c.round_id == keyword_round.id)
    return _find(incoming, query)


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
    waiting = incoming.session.execute(_invitations(incoming).where(is_open(incoming.now)).limit(1)).scalar()
    known = find_by_hash(incoming.session, waiting, incoming.now) if waiting else _find(incoming, _OF_PHONE)
    return Turn(texts.say_help(find_language(incoming), find_who(known) if known else None))


def _turn_away(incoming: Incoming, keyword_round: RoundFacts | None) -> str:
    """Say why nothing can be answered: the round is not open, or there is none."""
    language = find_language(incoming)
    if keyword_round is not None:
        language = keyword_round.definition.choose_language(_find_spoken(incoming))
        scheduled = keyword_round.find_status(incoming.now) == SCHEDULED
        return texts.say_not_open_yet(language) if scheduled else texts.say_closed(language)
    columns = (ROUNDS.c.state, ROUNDS.c.opens_at, ROUNDS.c.closes_at)
    rows = incoming.session.execute(_invitations(incoming).with_only_columns(*columns))
    statuses = {find_status(*row, incoming.now) for row in rows}
    if SCHEDULED in statuses:
        return texts.say_not_open_yet(language)
    return texts.say_closed(language) if CLOSED in statuses else texts.say_unknown(language)
