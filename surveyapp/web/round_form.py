"""The form of a new round: it keeps every character typed, and is read into what publishing is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from forms.definition import Definition
from surveyapp.sending import read_money
from surveyapp.services.contacts import ContactList, RowFault, read_contacts
from surveyapp.services.publishing import Wishes, check_wishes
from surveyapp.services.rosters import Roster, read_roster

CONFIDENTIALITY = (
    SelectChoice("confidential", "Confidential"),
    SelectChoice("anonymous", "Anonymous"),
    SelectChoice("named", "Named"),
)
PROMISES = {
    "confidential": "You see who has answered, and results never show who said what.",
    "anonymous": "Finished answers are cut loose from the person. Text messages are not possible.",
    "named": "Answers may be shown with the name, and people are told so before they begin.",
}
LOCAL_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
PARAMETER = "parameter_"
FIELDS = {
    "Name": "name",
    "Partnership": "partnership",
    "Confidentiality": "confidentiality",
    "Time zone": "timezone",
    "Opening time": "opens_at",
    "Closing time": "closes_at",
    "People": "contacts",
    "Roster": "roster",
    "Keyword": "keyword",
    "Budget": "budget",
}
"""How a fault's sentence begins, and which field it is about."""


@dataclass(frozen=True, slots=True)
class FormFault:
    """One fault of the form: the field it is about, and the sentence."""

    field: str
    sentence: str


class RoundForm(FlaskForm):
    """A new round. `key` makes publishing idempotent; `contacts` is the pasted list, `file` the uploaded one."""

    key = HiddenField()
    name = StringField("Name of the round")
    partnership = StringField("Partnership")
    contacts = TextAreaField("Paste the list")
    file = FileField("Or choose a CSV file")
    roster = TextAreaField("Paste the roster")
    roster_file = FileField("Or choose a CSV file")
    open_link = BooleanField("Open link: whoever has it may answer")
    keyword = StringField("Keyword for text messages")
    confidentiality = RadioField("Confidentiality", choices=list(CONFIDENTIALITY), default="confidential")
    text_now = BooleanField("Text the invitations", default=True)
    budget = StringField("Budget for texts")
    timezone = StringField("Time zone")
    opens_at = DateTimeLocalField("Opens", [Optional()], format=LOCAL_TIMES)
    closes_at = DateTimeLocalField("Closes", [Optional()], format=LOCAL_TIMES)

    def parameter_fields(self) -> Iterator[Field]:
        """Give the fields of the definition's parameters, in order."""
        return (field for field in self if field.name.startswith(PARAMETER))

    def parameters(self) -> dict[str, str]:
        """Give what was typed for each parameter, by its id."""
        fields = self.parameter_fields()
        return {field.name.removeprefix(PARAMETER): (field.data or "").strip() for field in fields}

    def typed(self) -> Iterator[tuple[str, str]]:
        """Give every field with what was typed, to travel along hidden in the review page."""
        for field in self:
            if field.name in ("csrf_token", "file", "roster_file") or (field.type == "BooleanField" and not field.data):
                continue
            raw = field.raw_data[0] if field.raw_data else field.data
            yield field.name, str((field.data if field.name in ("contacts", "roster") else raw) or "")


def build_round_form(definition: Definition) -> type[RoundForm]:
    """Make the form of a new round of this definition: with one more field for each of its parameters."""
    fields = {
        PARAMETER + parameter.id: StringField(
            parameter.label.in_(definition.default_language), render_kw={"maxlength": parameter.max_length}
        )
        for parameter in definition.parameters
    }
    return type("NewRoundForm", (RoundForm,), fields)


def read_list(form: RoundForm, definition: Definition) -> ContactList | None:
    """Read the uploaded list, else the pasted one; what was uploaded stands in the page from then on."""
    data = _take(form.file, form.contacts)
    return read_contacts(data, definition) if data else None


def read_entries(form: RoundForm, definition: Definition) -> Roster | None:
    """Read the uploaded roster, else the pasted one, where the definition asks about one."""
    data = _take(form.roster_file, form.roster) if definition.needs_roster else b""
    return read_roster(data) if data else None


def _take(file: FileField, pasted: TextAreaField) -> bytes | str:
    """Give what was uploaded, and let it stand in the page, else what was pasted; nothing where both are empty."""
    data: bytes = file.data.read() if file.data else b""
    if not data:
        text: str = pasted.data or ""
        return text if text.strip() else ""
    with suppress(UnicodeDecodeError):  # the list's fault says so, and what was pasted before stays
        pasted.data = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    return data


def read_wishes(
    form: RoundForm, partnership: str | None, contacts: ContactList | None, roster: Roster | None = None
) -> Wishes:
    """Give what the form asks for; `partnership` is set where the member of staff has only this one."""
    parameters = form.parameters()
    named = partnership if partnership is not None else (form.partnership.data or "").strip()
    return Wishes(
        name=(form.name.data or "").strip(),
        partnership=named or parameters.get("partnership") or "Our partnership",
        parameters=parameters,
        contacts=contacts,
        roster=roster,
        open_link=bool(form.open_link.data),
        keyword="".join((form.keyword.data or "").split()).upper() or None,
        confidentiality=form.confidentiality.data or "",
        budget_micros=_read_budget(form),
        opens_at=_read_time(form, form.opens_at),
        closes_at=_read_time(form, form.closes_at),
        timezone=(form.timezone.data or "UTC").strip(),
    )


def find_faults(form: RoundForm, wishes: Wishes, definition: Definition, now: datetime) -> list[FormFault]:
    """Give every fault, in the order of the form, each with the field it is about."""
    faults = [
        FormFault(field.name, f"{field.label.text}: write it as 2026-05-31T18:00.")
        for field in (form.opens_at, form.closes_at)
        if field.data is None and any(text.strip() for text in field.raw_data or ())
    ]
    if (form.budget.data or "").strip() and wishes.budget_micros is None:
        faults.append(FormFault("budget", "Budget: write an amount such as 25.00, or leave it empty."))
    in_list = {fault.sentence() for fault in list_faults(wishes.contacts)}
    if in_list:
        count = "1 fault" if len(in_list) == 1 else f"{len(in_list):,} faults"
        faults.append(FormFault("contacts", f"People: {count} in the list, so nobody of it was taken."))
    faults += [place_fault(s) for s in check_wishes(wishes, definition, now) if s not in in_list]
    order = [
        "name",
        "partnership",
        *(field.name for field in form.parameter_fields()),
        "contacts",
        "roster",
        "open_link",
    ]
    order += ["keyword", "budget", "confidentiality", "timezone", "opens_at", "closes_at"]
    return sorted(faults, key=lambda fault: order.index(fault.field) if fault.field in order else len(order))


def place_fault(sentence: str) -> FormFault:
    """Give a sentence of the services with the field that it is about."""
    subject, _, _ = sentence.partition(":")
    if subject.startswith("Parameter "):
        return FormFault(PARAMETER + subject.removeprefix("Parameter "), sentence)
    if subject.startswith("Row "):
        return FormFault("contacts", sentence)
    return FormFault(FIELDS.get(subject) or ("keyword" if "keyword" in sentence else "name"), sentence)


def list_faults(contacts: ContactList | None) -> tuple[RowFault, ...]:
    """Give the faults of a list, to be shown as a table."""
    return contacts.faults if contacts else ()


def _read_budget(form: RoundForm) -> int | None:
    with suppress(ValueError):  # it has a fault of its own
        return read_money(form.budget.data) if (form.budget.data or "").strip() else None
    return None


def _read_time(form: RoundForm, field: Field) -> datetime | None:
    local: datetime | None = field.data
    zone = (form.timezone.data or "UTC").strip()
    if local is None:
        return None
    try:
        return local.replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone)).astimezone(UTC)
    except (KeyError, ValueError, OSError, OverflowError):
        return None  # the time zone has its own fault
