"""From the web to texts: a code on the page, sent by text, hands the interview to the phone that sent it."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import select

from forms.definition import SMS
from surveyapp.services import texts
from surveyapp.services.incoming import Incoming
from surveyapp.services.interviews import note_standing
from surveyapp.services.openings import Turn, begin
from surveyapp.services.standings import INTERVIEWS, OPEN, Standing, find_by_id
from surveyapp.services.tokens import ALPHABET

LENGTH = 12
_ID_BITS, _MAC_BITS = 28, 32


def can_go_on_by_text(standing: Standing) -> bool:
    """Whether an interview may be handed to a phone: it has begun, is not anonymous, and texts have more to ask."""
    begun = standing.id is not None and not standing.over and standing.id < 1 << _ID_BITS
    return begun and standing.round.confidentiality != "anonymous" and standing.interview.next_question(SMS) is not None


def make_code(secret_key: str, standing: Standing) -> str:
    """Give the code of a begun interview: 60 bits as `7KQ2-M9XD-PA4T`, more than half of them a signature."""
    assert standing.id is not None
    signature = _sign(secret_key, standing.id, standing.nonce)
    number = (standing.id ^ _mask(secret_key, signature)) << _MAC_BITS | signature
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def take_over(incoming: Incoming) -> Turn | None:
    """Go on by text with the interview whose code this text is; nothing where it is no such code.

    The number is the one that the person texts from: nothing is ever sent to any other.
    """
    standing = _find_handed(incoming)
    if standing is None or not can_go_on_by_text(standing) or standing.round.find_status(incoming.now) != OPEN:
        return None
    if standing.phone != incoming.phone:
        mine = INTERVIEWS.c.round_id == standing.round.id, INTERVIEWS.c.phone == incoming.phone
        if incoming.session.execute(select(INTERVIEWS.c.id).where(*mine)).first():
            return Turn(texts.say_phone_is_taken(standing.language))
        standing = note_standing(incoming.session, standing, phone=incoming.phone)
    return begin(incoming, standing)


def _find_handed(incoming: Incoming) -> Standing | None:
    if len(incoming.word) != LENGTH or not set(incoming.word) <= set(ALPHABET):
        return None
    number = 0
    for letter in incoming.word:
        number = number << 5 | ALPHABET.index(letter)
    signature = number & (1 << _MAC_BITS) - 1
    wanted = number >> _MAC_BITS ^ _mask(incoming.secret_key, signature)
    known = select(INTERVIEWS.c.nonce).where(INTERVIEWS.c.id == wanted)
    nonce = incoming.session.execute(known).scalar() or ""
    expected = _sign(incoming.secret_key, wanted, nonce)
    if not hmac.compare_digest(signature.to_bytes(4, "big"), expected.to_bytes(4, "big")) or not nonce:
        return None
    return find_by_id(incoming.session, wanted, incoming.now, lock=True)


def _sign(secret_key: str, interview_id: int, nonce: str) -> int:
    said = f"continue-by-text:{interview_id}:{nonce}".encode()
    return int.from_bytes(hmac.digest(secret_key.encode(), said, hashlib.sha256)[:4], "big")


def _mask(secret_key: str, signature: int) -> int:
    """Give what hides the interview's number, so that codes do not count how many there are."""
    said = f"continue-by-text:mask:{signature}".encode()
    return int.from_bytes(hmac.digest(secret_key.encode(), said, hashlib.sha256)[:4], "big") >> 32 - _ID_BITS
