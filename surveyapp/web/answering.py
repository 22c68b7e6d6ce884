"""Answering on the web: the open link, the personal link, the receipt. Every page works without JavaScript.

Statuses besides 200 and 303: 400 a form without its safety token, 403 not open yet, 404 an unknown link, 410 closed,
413 too much, 422 answers to be mended. A GET changes nothing, ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session

from forms.rows import ROW_ID, join, split
from forms.values import Raw
from forms.web import read_section
from surveyapp.errors import InvalidError, NotFoundError
from surveyapp.runtime import now, reading, settings, writing_together
from surveyapp.services import answering
from surveyapp.services.answering import LANGUAGE, NEXT, REMOVE, RESTORE, REVIEW, Posted
from surveyapp.services.interviews import start_open_interview
from surveyapp.services.standings import CLOSED, OPEN, SCHEDULED, RoundFacts, Standing, find_interview, find_round_facts
from surveyapp.services.tokens import make_nonce, make_row_id
from surveyapp.web import answering_pages as pages
from surveyapp.web.access import ANYONE, RESPONDENT, access

blueprint = Blueprint("answering", __name__)
MOST_FIELDS = 1000
NEW = "new"
"""Asks for the form of a row that is not there yet: the page that offers it makes its id."""
SHUT_STATUS = {SCHEDULED: 403, CLOSED: 410}
_NUMBER = re.compile(r"[0-9]{1,9}")
_START_KEY = re.compile(r"[0-9a-f]{32}")


@blueprint.get("/r/<code>")
@access(ANYONE)
def show_start(code: str) -> ResponseReturnValue:
    """Show who asks, why, how long it takes and what happens with the answers."""
    with reading() as session:
        round_ = _find_open_link(session, code)
    if round_.find_status(now()) != OPEN:
        return _show_shut_start(round_)
    return pages.draw_start(round_, _choose_start_language(round_), start_key=make_nonce(), now=now())


@blueprint.post("/r/<code>")
@access(ANYONE)
def start_interview(code: str) -> ResponseReturnValue:
    """Begin an interview and lead to its personal link; the same form sent twice begins one."""
    moment = now()
    with writing_together() as session:
        round_ = _find_open_link(session, code)
        if round_.find_status(moment) != OPEN:
            return _show_shut_start(round_)
        token = start_open_interview(
            session,
            round_,
            start_key=_read_start_key(),
            language=_choose_start_language(round_),
            secret_key=settings().secret_key,
            now=moment,
        )
    return redirect(f"/a/{token}", 303)


@blueprint.get("/a/<token>")
@access(RESPONDENT)
def show_section(token: str) -> ResponseReturnValue:
    """Show the section that is due, or an earlier one again, or the check before sending."""
    moment = now()
    with reading() as session:
        standing = find_interview(session, token, moment)
    if standing.over:
        return redirect(f"/a/{token}/done", 303)
    if standing.round.find_status(moment) != OPEN:
        return _show_shut(standing, token)
    wish = request.args.get("section")
    place = answering.find_place(standing.interview, wish)
    if wish is not None and wish != place:
        return redirect(f"/a/{token}", 303)
    language = _choose_language(standing, request.args.get("lang"))
    if place == REVIEW:
        return pages.draw_review(standing, language, token)
    row = make_row_id() if request.args.get("row") == NEW else request.args.get("row", "")
    if row and not answering.find_row(standing.interview, place, row):
        return redirect(f"/a/{token}?section={place}", 303)
    return pages.draw_section(
        standing,
        join(place, row) if row else place,
        language,
        token,
        from_review=_is_from_review(),
        removed=request.args.get("removed", ""),
    )


@blueprint.post("/a/<token>")
@access(RESPONDENT)
def receive_section(token: str) -> ResponseReturnValue:
    """Store one page of answers durably, then lead on; on a fault the page comes back with what was typed."""
    moment = now()
    fields = _read_fields()
    with writing_together() as session:
        standing = find_interview(session, token, moment, lock=True)
        posted = _read_posted(standing, fields)
        open_ = standing.round.find_status(moment) == OPEN
        if open_ or standing.over:
            outcome = answering.receive_page(session, standing, posted, moment)
    if not open_ and not standing.over:
        return _show_shut(standing, token, posted)
    standing, place = outcome.standing, outcome.place
    if standing.over:
        return redirect(f"/a/{token}/done", 303)
    if outcome.reading is None:
        if posted.action == LANGUAGE and standing.id is None:
            return pages.draw_review(standing, posted.language, token)
        from_review = "&from=review" if posted.from_review and place != REVIEW else ""
        removed = f"&removed={posted.row}" if posted.action == REMOVE else ""
        section, row, _ = split(place)
        in_row = f"&row={row}" if row else ""
        return redirect(f"/a/{token}?section={section}{in_row}{from_review}{removed}", 303)
    page = pages.draw_section(
        standing, place, posted.language, token, reading=outcome.reading, from_review=posted.from_review
    )
    return page, 422 if outcome.reading.errors else 200


@blueprint.get("/a/<token>/done")
@access(RESPONDENT)
def show_receipt(token: str) -> ResponseReturnValue:
    """Show the receipt: reference, time, what happens next, a copy of the answers."""
    with reading() as session:
        standing = find_interview(session, token, now())
    if not standing.over:
        return redirect(f"/a/{token}", 303)
    return pages.draw_receipt(standing, _choose_language(standing, request.args.get("lang")), token)


@blueprint.errorhandler(NotFoundError)
def show_unknown(error: NotFoundError) -> ResponseReturnValue:
    """Answer every link that is not known alike, in the reader's language."""
    return pages.draw_problem(pages.choose_own_language(_list_wishes()), *pages.UNKNOWN), error.status


@blueprint.errorhandler(InvalidError)
def show_unusable(error: InvalidError) -> ResponseReturnValue:
    """Say that what was sent is no page of ours."""
    return pages.draw_problem(pages.choose_own_language(_list_wishes()), *pages.UNUSABLE), 400


@blueprint.errorhandler(CSRFError)
def show_again(error: CSRFError) -> ResponseReturnValue:
    """Give the page back with a fresh safety token and everything that was typed."""
    moment, asked = now(), request.view_args or {}
    try:
        with reading() as session:
            if "code" in asked:
                round_ = _find_open_link(session, asked["code"])
                page = pages.draw_start(
                    round_,
                    _choose_start_language(round_),
                    start_key=_read_start_key(),
                    now=moment,
                    stale=True,
                )
                return page, 400
            standing = find_interview(session, asked["token"], moment)
    except NotFoundError as unknown:
        return show_unknown(unknown)
    return _show_section_again(standing, asked["token"])


def _show_section_again(standing: Standing, token: str) -> ResponseReturnValue:
    posted = _read_posted(standing, _read_fields())
    if standing.over:
        return redirect(f"/a/{token}/done", 303)
    if standing.round.find_status(now()) != OPEN:
        return _show_shut(standing, token, posted)
    section = standing.interview.find_section(posted.section)
    place = answering.find_place(standing.interview, posted.section)
    if section is None or place != section.id:
        if place == REVIEW:
            return pages.draw_review(standing, posted.language, token, stale=True), 400
        return pages.draw_section(standing, place, posted.language, token, stale=True), 400
    read = read_section(standing.interview, section, posted.fields, posted.language)
    read.errors.clear()
    page = pages.draw_section(
        standing, place, posted.language, token, reading=read, from_review=posted.from_review, stale=True
    )
    return page, 400


def _find_open_link(session: Session, code: str) -> RoundFacts:
    round_ = find_round_facts(session, code.lower())
    if not round_.open_link:
        raise NotFoundError("This link is not known here.")
    return round_


def _show_shut_start(round_: RoundFacts) -> ResponseReturnValue:
    language = _choose_start_language(round_)
    page = pages.draw_shut(round_, None, language, now(), address=f"/r/{round_.code}")
    return page, SHUT_STATUS[round_.find_status(now())]


def _show_shut(standing: Standing, token: str, posted: Posted | None = None) -> ResponseReturnValue:
    """Show that nothing can be stored now, with what was typed into a page that came too late."""
    section = standing.interview.find_section(posted.section) if posted else None
    language = _choose_language(standing, request.values.get("lang"))
    typed: Mapping[str, Raw] = {}
    if posted and section:
        typed = read_section(standing.interview, section, posted.fields, language).raw
    page = pages.draw_shut(standing.round, standing.interview, language, now(), address=f"/a/{token}", typed=typed)
    return page, SHUT_STATUS[standing.round.find_status(now())]


def _read_fields() -> dict[str, list[str]]:
    fields = dict(request.form.lists())
    if sum(map(len, fields.values())) > MOST_FIELDS:
        abort(413)
    return fields


def _read_posted(standing: Standing, fields: Mapping[str, list[str]]) -> Posted:
    form = request.form
    wish, action = form.get("language"), form.get("action", "")
    revision = form.get("revision", "")
    act = next((name for name in (REMOVE, RESTORE) if name in form), "")
    return Posted(
        section=form.get("section", ""),
        action=LANGUAGE if wish and action in ("", LANGUAGE) else act or action or NEXT,
        row=form.get(act, "") if ROW_ID.fullmatch(form.get(act, "")) else "",
        fields=fields,
        language=_choose_language(standing, wish or form.get("lang")),
        revision=int(revision) if _NUMBER.fullmatch(revision) else None,
        from_review=_is_from_review(),
    )


def _is_from_review() -> bool:
    return request.values.get("from") == REVIEW


def _read_start_key() -> str:
    """Give the form's key if it is one of ours: a key that could be guessed would lead to somebody else's interview."""
    key = request.form.get("start_key", "")
    return key if _START_KEY.fullmatch(key) else make_nonce()


def _choose_language(standing: Standing, wish: str | None) -> str:
    languages = standing.round.definition.languages
    return wish if wish and wish in languages else standing.language


def _choose_start_language(round_: RoundFacts) -> str:
    return round_.definition.choose_language(request.values.get("lang"), *_list_wishes())


def _list_wishes() -> tuple[str, ...]:
    return tuple(language for language, _ in request.accept_languages)
