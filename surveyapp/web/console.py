"""What all pages of the console share: the round that this member of staff may see, its tabs, times and words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

from forms.definition import Definition
from surveyapp.models import Partnership, Round
from surveyapp.runtime import now
from surveyapp.services.confidences import list_private_questions
from surveyapp.services.definitions import find_definition
from surveyapp.services.rounds import find_round, find_status
from surveyapp.services.unread import count_unread, has_unread
from surveyapp.web.login import find_staff

COORDINATING = ("admin", "coordinator")
"""Who runs rounds and may see the people in them."""
CONFIDENCES = "confidences.show"
"""Only rounds that ask something in confidence have this tab."""
COMMENTS = "comments.show"
"""Only rounds that ask people for their own words have this tab."""
UNREAD = "unread.show_queue"
"""Only rounds in which a text waited for a person have this tab."""
TABS = (
    ("Summary", "rounds.show_summary", False),
    ("People", "contacts.list_people", True),
    ("Share", "sharing.show", True),
    ("Messages", "messages.show", False),
    ("Answers", "answers.show", True),
    ("Results", "results.show", False),
    ("Comments", COMMENTS, False),
    ("Downloads", "downloads.show", False),
    ("Feeds", "tokens.show", True),
    ("In confidence", CONFIDENCES, True),
    ("Unread", UNREAD, True),
    ("Settings", "rounds.show_settings", True),
    ("Log", "audit.show", True),
)
"""Title, endpoint, and whether it is for coordinators and administrators only."""
STATUS_WORDS = {"scheduled": "Scheduled", "open": "Open", "closed": "Closed"}
CHANNEL_WORDS = {"web": "Web", "sms": "SMS", "import": "Import"}


def install(app: Flask) -> None:
    """Give the console's templates their words."""
    app.jinja_env.globals["when"] = show_time
    app.jinja_env.globals["status_words"] = STATUS_WORDS
    app.jinja_env.globals["channel_words"] = CHANNEL_WORDS


def admit_large_forms(limit: int) -> None:
    """Let coordinators send this many bytes with this request; for everybody else the service's limit stays."""
    if request.method == "POST" and current_user.is_authenticated and current_user.role in COORDINATING:
        request.max_content_length = limit
        request.max_form_memory_size = limit


def find_own_round(session: Session, reference: str) -> Round:
    """Give the round if this member of staff may see it; another partnership's is not found (`NotFoundError`)."""
    return find_round(session, reference, partnership_id=find_staff().partnership_id)


def show_round(session: Session, round_: Round, template: str, **context: object) -> str:
    """Draw one tab of a round."""
    partnership = session.get_one(Partnership, round_.partnership_id)
    definition = find_definition(session, round_.code)
    return render_template(
        f"console/{template}",
        round=round_,
        partnership=partnership.name,
        definition=definition,
        status=find_status(round_, now()),
        tabs=_build_tabs(session, round_, definition),
        **context,
    )


def show_time(at: datetime | None, zone: str) -> Markup | str:
    """Give a time as people read it, with its zone named: `3 March 2026, 09:00 (Africa/Nairobi)`."""
    if at is None:
        return ""
    local = at.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    words = f"{local.day} {local:%B %Y, %H:%M} ({zone})"
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), words)


def mask(phone: str | None) -> str:
    """Give a number as this member of staff may see it: whole for administrators, else its last two digits."""
    if phone is None or find_staff().role == "admin":
        return phone or ""
    return f"{phone[:2]}…{phone[-2:]}"


def label_group(labels: Mapping[str, str], group: str | None) -> str:
    """Give what people call a group."""
    return labels.get(group, group.replace("_", " ")) if group else "Group not known"


def _build_tabs(session: Session, round_: Round, definition: Definition) -> list[tuple[str, str, str]]:
    coordinates = find_staff().role in COORDINATING
    waiting = count_unread(session, round_) if coordinates else 0
    from exports.comments import list_comment_questions

    shown = {
        COMMENTS: bool(list_comment_questions(definition)),
        CONFIDENCES: bool(list_private_questions(definition)),
        UNREAD: waiting > 0 or (coordinates and has_unread(session, round_)),
    }
    return [
        (
            f"{title} ({waiting:,})" if endpoint == UNREAD and waiting else title,
            endpoint,
            url_for(endpoint, reference=round_.id),
        )
        for title, endpoint, limited in TABS
        if (coordinates or not limited) and shown.get(endpoint, True)
    ]
