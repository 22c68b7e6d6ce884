"""The pages of answering as HTML: what the templates of `answering/` are given. They draw; they decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from forms import rows
from forms.definition import WEB, Question, Scorecard, Section
from forms.interview import Interview
from forms.question_types import find_type
from forms.values import Raw
from forms.web import SectionReading
from forms.wording import list_languages, msgid, words
from surveyapp.runtime import settings, templates
from surveyapp.sending import WHATSAPP, link_sender
from surveyapp.services.answering import find_percent
from surveyapp.services.handover import can_go_on_by_text, make_code
from surveyapp.services.standings import CLOSED, RoundFacts, Standing
from surveyapp.web.drawing import find_drawings
from surveyapp.web.row_pages import build_list, choose_rows, count_entry, find_removed, name_row, say_done

SECONDS_A_QUESTION = 20
UNKNOWN = (
    msgid("This link is not known here"),
    msgid(
        "Links are long, and a part of it may have got lost on the way. Open it again from the message you were sent, "
        "or ask whoever sent it to you."
    ),
)
UNUSABLE = (
    msgid("This page cannot be used"),
    msgid("Something got lost on the way. Open your link again: what you had sent before is kept."),
)
STALE = msgid(
    "For your safety this page had to be made anew. What you typed is still here: please press the button once more. "
    "If this happens again, allow cookies for this address."
)
_PROMISES = {
    "named": msgid("Your answers are shown to the partnership together with your name."),
    "confidential": msgid(
        "Your answers are confidential: results are shown for groups of at least %(k)s people, never for one person."
    ),
    "anonymous": msgid(
        "Your answers are anonymous: once you have sent them, nobody can trace them back to you, not even we."
    ),
}


@dataclass(frozen=True, slots=True)
class SaidAnswer:
    """One question and its answer in words."""

    id: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class SaidPart:
    """One section's answers in words; of one that repeats, its rows'. `row`: which row, and empty for a section."""

    id: str
    title: str
    answers: tuple[SaidAnswer, ...] = ()
    row: str = ""
    rows: tuple[SaidPart, ...] = ()
    repeats: bool = False


def draw_start(round_: RoundFacts, language: str, *, start_key: str, now: datetime, stale: bool = False) -> str:
    """Draw the first page of an open link: who asks, why, how long, what happens with the answers."""
    interview = Interview(round_.definition, {}, now.date(), {}, round_.parameters, round_.roster)
    frame = _frame(round_, interview, language)
    return _render(
        "answering/start.html",
        **frame,
        heading=frame["survey"],
        code=round_.code,
        introduction=_say_introduction(interview, language),
        length=_say_length(interview, language),
        start_key=start_key,
        csrf=generate_csrf(),
        notice=words(language).gettext(STALE) if stale else "",
    )


def draw_section(
    standing: Standing,
    place: str,
    language: str,
    token: str,
    *,
    reading: SectionReading | None = None,
    from_review: bool = False,
    stale: bool = False,
    removed: str = "",
) -> str:
    """Draw one section with its stored answers, or with what was just typed and what is wrong with it.

    `place`: the section, or one row of a section that repeats. `removed`: the row that was just taken out of its list.
    """
    interview = standing.interview if reading is None else standing.interview.with_answers(reading.values)
    base, row, _ = rows.split(place)
    section = interview.find_section(base)
    assert section is not None, "a section off the path is never shown"
    errors = reading.errors if reading else {}
    say = words(language)
    part, parts = interview.progress(base)
    invited_anew = standing.revision == 0 and standing.id is None and part == 1
    frame = _frame(standing.round, interview, language)
    shown = choose_rows(interview, section, row, reading)
    for added in shown:
        interview = interview.add_row(base, added)
    return _render(
        "answering/section.html",
        **frame,
        heading=_say_title(interview, section, language),
        token=token,
        csrf=generate_csrf(),
        section=base,
        revision=standing.revision,
        from_review=from_review,
        notice=say.gettext(STALE) if stale else "",
        faults=[
            (id_, sentence, _say_label(interview, id_, language, alone=len(shown) == 1))
            for id_, sentence in errors.items()
        ],
        fault_heading=say.ngettext(
            "Please look at %(n)s answer again", "Please look at %(n)s answers again", len(errors)
        )
        % {"n": len(errors)},
        welcome={
            "introduction": _say_introduction(interview, language),
            "length": _say_length(interview, language),
        }
        if invited_anew
        else None,
        part=_say_part(len(standing.round.definition.sections), language, part, parts),
        percent=max(standing.progress, find_percent(interview, base)),
        questions="" if section.repeat else _draw_questions(standing, interview, section, language, reading),
        forms=[
            (name_row(interview, one, language), rows.split(one.id)[1], not interview.is_due(one), html)
            for one in (interview.find_section(rows.join(base, added)) for added in shown)
            if one is not None
            for html in (_draw_questions(standing, interview, one, language, reading),)
        ],
        listing=build_list(interview, section, language) if section.repeat and not shown else None,
        one_row=section.repeat is not None and section.repeat.adds and bool(shown),
        said_done=say_done(interview, section, language) if section.repeat and not section.repeat.adds else "",
        removed=find_removed(interview, section, removed, language),
        has_earlier=part > 1 or bool(shown and interview.list_rows(base)),
        link=build_link(token),
        by_text=_find_way_by_text(standing),
    )


def draw_review(standing: Standing, language: str, token: str, *, stale: bool = False) -> str:
    """Draw all answers with their change links, and the button that sends them."""
    say = words(language).gettext
    return _render(
        "answering/review.html",
        **_frame(standing.round, standing.interview, language),
        heading=say("Check your answers"),
        token=token,
        csrf=generate_csrf(),
        revision=standing.revision,
        notice=say(STALE) if stale else "",
        parts=tuple(list_parts(standing.interview, language)),
        link=build_link(token),
        by_text=_find_way_by_text(standing),
    )


def draw_receipt(standing: Standing, language: str, token: str) -> str:
    """Draw the receipt of an interview that is over; an anonymous one has no answers to show any more."""
    say = words(language).gettext
    interview, round_ = standing.interview, standing.round
    declined = standing.state == "declined"
    closing = round_.definition.closing
    moment = standing.finished_at
    assert moment is not None, "an interview that is over has its time"
    blunt = round_.confidentiality == "anonymous"
    return _render(
        "answering/done.html",
        **_frame(round_, interview, language),
        heading=say("Thank you") if declined else say("Answers received"),
        token=token,
        declined=declined,
        reference=standing.reference,
        moment=moment.date() if blunt else moment.isoformat(timespec="seconds"),
        said_moment=say_moment(moment, round_, language, blunt=blunt),
        closing=interview.say(closing.in_(language), language)
        if closing
        else say("The answers of everybody are put together, and the partnership looks at the results."),
        parts=tuple(list_parts(interview, language)) if interview.answers else (),
    )


def draw_shut(
    round_: RoundFacts,
    interview: Interview | None,
    language: str,
    now: datetime,
    *,
    address: str,
    typed: Mapping[str, Raw] | None = None,
) -> str:
    """Draw a round that takes no answers now, with whatever was typed into a page that came too late."""
    say = words(language).gettext
    interview = interview or Interview(round_.definition, {}, now.date(), {}, round_.parameters, round_.roster)
    if round_.find_status(now) == CLOSED:
        heading = say("This survey is closed")
        sentences = [say("It takes no more answers. Thank you for your interest.")]
        if interview.answers:
            sentences.append(say("What you had answered before it closed is kept and counts."))
    else:
        heading = say("This survey is not open yet")
        opens = say_moment(round_.opens_at or now, round_, language)
        sentences = [say("It opens on %(moment)s. Keep this link and come back then.") % {"moment": opens}]
    return _render(
        "answering/shut.html",
        **_frame(round_, interview, language),
        heading=heading,
        sentences=sentences,
        address=address,
        typed=tuple(_list_typed(interview, typed or {}, language)),
    )


def draw_problem(language: str, heading: str, sentence: str) -> str:
    """Draw a page that belongs to no interview: an unknown link, a page that is none of ours."""
    say = words(language).gettext
    return _render("answering/problem.html", **_plain_frame(language), heading=say(heading), sentence=say(sentence))


@dataclass(frozen=True, slots=True)
class WayByText:
    """How to go on by text: the number as people read it, the code to send there, and a link that does."""

    link: str
    shown: str
    code: str


def _find_way_by_text(standing: Standing) -> WayByText | None:
    """Give how this interview can go on by text; nothing where texts cannot, or where only a rehearsal carries them."""
    ours = settings()
    if not can_go_on_by_text(standing) or (ours.sms_gateway == "simulator" and not ours.demo):
        return None
    code = make_code(ours.secret_key, standing)
    link = link_sender(ours.sms_from, code)
    return WayByText(link, _space_number(ours.sms_from), code) if link else None


@lru_cache(maxsize=4)
def _space_number(number: str) -> str:
    import phonenumbers

    if number.isdigit():
        return number
    parsed = phonenumbers.parse(number.removeprefix(WHATSAPP))
    spaced = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    spaced += " (WhatsApp)" if number.startswith(WHATSAPP) else ""
    return spaced.replace(" ", "\u00a0").replace("-", "\u2011")  # nobody breaks a number over two lines


def build_link(token: str) -> str:
    """Give the personal link of a token; links are made from the configured address only."""
    return f"{settings().public_url}/a/{token}"


def choose_own_language(wishes: tuple[str, ...]) -> str:
    """Give the first of the reader's languages that we have words in, for pages that belong to no definition."""
    spoken = list_languages()
    for wish in wishes:
        base = wish.split("-")[0].lower()
        if base in spoken:
            return base
    return spoken[0]


def say_moment(moment: datetime, round_: RoundFacts, language: str, *, blunt: bool = False) -> str:
    """Give a time in the reader's language and the round's time zone; `blunt`: only the day (UTC)."""
    from babel.dates import format_date, format_time, get_timezone_name

    locale = _find_locale(language)
    if blunt:
        return format_date(moment.date(), format="long", locale=locale)
    local = moment.astimezone(ZoneInfo(round_.timezone))
    day = format_date(local.date(), format="long", locale=locale)
    zone = get_timezone_name(local, width="short", locale=locale)
    hour = format_time(local, format="short", locale=locale)
    # a comma is not a comma everywhere
    return f"{str(locale.datetime_formats['long']).format(hour, day)} ({zone})"


def _render(template: str, **context: Any) -> str:
    # Not Flask's `render_template`: that would look for a member of staff behind every respondent's page.
    return templates().get_template(template).render(context)


def _frame(round_: RoundFacts, interview: Interview, language: str) -> dict[str, Any]:
    definition = round_.definition
    promise = words(language).gettext(_PROMISES[round_.confidentiality])
    return _plain_frame(language) | {
        "languages": definition.languages,
        "survey": interview.say(definition.title.in_(language), language),
        "partnership": round_.partnership,
        "sample_data": round_.sample_data,
        "promise_sentence": promise % {"k": definition.scorecard.k if definition.scorecard else Scorecard().k},
    }


def _plain_frame(language: str) -> dict[str, Any]:
    say = words(language).gettext
    return {"language": language, "direction": find_direction(language), "_": say, "skip": say("Skip to the questions")}


def _draw_questions(
    standing: Standing, interview: Interview, section: Section, language: str, reading: SectionReading | None
) -> Markup:
    drawings = find_drawings(templates())
    drawn = []
    for question in section.questions:
        if reading is not None and question.id in reading.raw:
            raw, fault = reading.raw[question.id], _find_fault(question, reading)
        else:
            kind = find_type(question.type)
            raw, fault = kind.show(interview.value(question.id)) if kind.asks else Raw(), ""
        beside = _find_specified(question, interview, reading)
        code = standing.round.code
        drawn.append(drawings.draw(code, interview, question, language, raw=raw, fault=fault, beside=beside))
    return Markup("".join(drawn))  # noqa: S704  # drawings escape what they are given


def _find_fault(question: Question, reading: SectionReading) -> str:
    """Give what is wrong with an answer, or with what stands beside it."""
    beside = question.specification
    return reading.errors.get(question.id) or (reading.errors.get(beside.id, "") if beside else "")


def _find_specified(question: Question, interview: Interview, reading: SectionReading | None) -> Raw:
    beside = question.specification
    if beside is None:
        return Raw()
    if reading is not None and beside.id in reading.raw:
        return reading.raw[beside.id]
    return find_type(beside.type).show(interview.value(beside.id))


def _say_answer(interview: Interview, question: Question, language: str) -> str:
    """Give an answer in words, with what the person wrote beside it."""
    said = find_type(question.type).describe(question, interview.value(question.id), language)
    beside = question.specification
    written = interview.value(beside.id) if beside else None
    return f"{said}: {written}" if isinstance(written, str) else said


def list_parts(interview: Interview, language: str) -> Iterator[SaidPart]:
    """Give all that was answered in words, section by section along the path, row by row where one repeats."""
    for section in interview.sections:
        title = _say_title(interview, section, language)
        if section.repeat is not None:
            inner = tuple(_list_row(interview, row, language) for row in interview.list_rows(section.id))
            yield SaidPart(section.id, title, rows=inner, repeats=section.repeat.adds)
        elif answers := _list_answers(interview, section, language):
            yield SaidPart(section.id, title, answers)


def _list_row(interview: Interview, row: Section, language: str) -> SaidPart:
    base, id_, _ = rows.split(row.id)
    return SaidPart(base, name_row(interview, row, language), _list_answers(interview, row, language), id_)


def _list_answers(interview: Interview, section: Section, language: str) -> tuple[SaidAnswer, ...]:
    return tuple(
        SaidAnswer(
            question.id,
            interview.say(question.label.in_(language), language, question.id),
            _say_answer(interview, question, language),
        )
        for question in section.questions
        if find_type(question.type).asks
    )


def _list_typed(interview: Interview, typed: Mapping[str, Raw], language: str) -> Iterator[SaidAnswer]:
    for id_, raw in typed.items():
        question = rows.find_question(interview.definition, id_)
        labels = {str(c.value): c.label.in_(language) for c in find_type(question.type).choices(question)}
        said = ", ".join(
            labels.get(value) or labels.get(value.partition(":")[2], value) for value in raw.values if value
        )
        if said:
            yield SaidAnswer(id_, _say_label(interview, id_, language), said)


def _say_title(interview: Interview, section: Section, language: str) -> str:
    title = section.title or interview.definition.title
    return interview.say(title.in_(language), language)


def _say_label(interview: Interview, id_: str, language: str, *, alone: bool = False) -> str:
    """Give what a fault is about: a question, a question of a named row, a row, or a section.

    `alone`: the page shows no other row, so that this one need not be named.
    """
    base, row, question = rows.split(id_)
    place = interview.find_section(rows.join(base, row) if row else base)
    if row and not question:
        return name_row(interview, place, language) if place else ""
    if place is not None and place.repeat is not None:
        return _say_title(interview, place, language)
    found = rows.find_question(interview.definition, id_)
    label = interview.say(found.label.in_(language), language, id_)
    return f"{name_row(interview, place, language)}: {label}" if row and place and not alone else label


def _say_introduction(interview: Interview, language: str) -> str:
    introduction = interview.definition.introduction
    return interview.say(introduction.in_(language), language) if introduction else ""


def _say_part(sections: int, language: str, part: int, parts: int) -> str:
    """Say which part of how many this is; answers may add parts, unless there is one section in all."""
    say = words(language)
    if sections == 1:
        return say.gettext("There is only this part")
    return say.gettext("Part %(part)s of about %(parts)s") % {"part": part, "parts": parts}


def _say_length(interview: Interview, language: str) -> str:
    """Say how many questions there are and how long they take; of a list, those of the entries it must have."""
    lists = [section for section in interview.sections if section.repeat is not None and section.repeat.adds]
    n = sum(question.type != "consent" for question in interview.questions_in(WEB))
    n += sum(count_entry(interview.definition, section) * section.repeat.min for section in lists if section.repeat)
    minutes = max(1, ceil(n * SECONDS_A_QUESTION / 60))
    say = words(language).ngettext
    if lists:
        sentence = say(
            "At least %(n)s questions, about %(minutes)s minute; more with every entry that you add.",
            "At least %(n)s questions, about %(minutes)s minutes; more with every entry that you add.",
            minutes,
        )
    else:
        sentence = say(
            "%(n)s questions, about %(minutes)s minute.", "%(n)s questions, about %(minutes)s minutes.", minutes
        )
    return sentence % {"n": n, "minutes": minutes}


@lru_cache(maxsize=64)
def find_direction(language: str) -> str:
    """Give `rtl` for languages that are written from right to left, else `ltr`."""
    return str(_find_locale(language).text_direction)


@lru_cache(maxsize=64)
def _find_locale(language: str) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
