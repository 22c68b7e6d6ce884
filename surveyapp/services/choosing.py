"""Which of a phone's surveys a text belongs to: the one asked last, the one it names, or the one that is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from sqlalchemy import Table, bindparam, select

from forms.text import fold_digits
from surveyapp.database import insert_once
from surveyapp.models import InboundMessage
from surveyapp.services import texts
from surveyapp.services.flags import LOOP, raise_flag_once
from surveyapp.services.incoming import Incoming
from surveyapp.services.keywords import read_command, read_word
from surveyapp.services.openings import WAITING, Turn, begin_by_keyword, begin_next
from surveyapp.services.standings import INTERVIEWS, OPEN, RoundFacts, Standing
from surveyapp.services.turns import ask_again, find_who, is_cold, is_free_text, take_turn, takes

INBOUND = cast(Table, InboundMessage.__table__)

_LAST_OFFER = (
    select(INBOUND.c.offered, INBOUND.c.body)
    .where(INBOUND.c.phone == bindparam("phone"))
    .order_by(INBOUND.c.id.desc())
    .limit(1)
)


def go_on_with(incoming: Incoming, asked: tuple[Standing, ...], keyword_round: RoundFacts | None) -> Turn:
    """Go on with the interview that was asked last, unless the text names another or could belong to several."""
    named = next((one for one in asked if keyword_round and one.round.id == keyword_round.id), None)
    current = named or asked[0]
    if named is None and is_cold(current, incoming.now):
        begun = begin_by_keyword(incoming, keyword_round) if keyword_round else None
        if begun is not None:
            return begun
        if len(asked) > 1 and not _is_obeyed(incoming):
            return _choose(incoming, asked)
    elif named is None and keyword_round and _wait(incoming, current, keyword_round):
        question, current = ask_again(incoming, current)
        return Turn(f"{texts.say_comes_next(current.language)}\n{question}", current.id)
    return _go_on(incoming, current)


def _go_on(incoming: Incoming, current: Standing) -> Turn:
    if incoming.pace.is_stuck:
        raise_flag_once(incoming, LOOP, current)
        return Turn(None, current.id)
    reply, current = take_turn(incoming, current)
    if current.over:
        following = begin_next(incoming)
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
    if incoming.pace.is_stuck:
        raise_flag_once(incoming, LOOP, asked[0])
        return Turn(None, asked[0].id)
    return Turn(texts.say_which(asked[0].language, names), offered=tuple(one.id for one in asked if one.id))


def _find_chosen(incoming: Incoming, asked: tuple[Standing, ...]) -> tuple[Standing | None, str]:
    """Give the interview that `1` or `2` names, where the last reply offered a choice, and the text that it is for."""
    last = incoming.session.execute(_LAST_OFFER, {"phone": incoming.phone}).first()
    number = fold_digits(incoming.word)
    if last is None or not last.offered or not number.isdigit() or len(number) > 1:
        return None, ""
    place = int(number) - 1
    wanted = last.offered[place] if 0 <= place < len(last.offered) else None
    return next((one for one in asked if one.id == wanted), None), last.body
