"""Contact lists: read as people make them, and refused whole with every fault by row and column."""

import pytest

from forms.definition import Definition, Text
from surveyapp.services.contacts import ContactList, read_contacts

PHONE = "+12025550100"


def definition(**languages: str) -> Definition:
    languages = languages or {"en": "English", "fr": "Français"}
    title = Text({"en": "T"}, "en")
    return Definition(
        id="d", version="1", kind="feedback", default_language="en", languages=languages, title=title, sections=()
    )


def read(text: str | bytes) -> ContactList:
    return read_contacts(text, definition())


def only(text: str | bytes):
    listed = read(text)
    assert not listed.faults
    assert len(listed.contacts) == 1
    return listed.contacts[0]


def test_every_column_is_read_in_any_order_and_any_case():
    contact = only(
        "Consent,ORGANISATION, TimeZone ,language,group,E-Mail,phone,name\n"
        "paper 3 May,Water Board,africa/nairobi,FR,Community,Ada@Example.org,+1 (202) 555-0100,Ada Obi\n"
    )
    assert (contact.name, contact.phone, contact.email) == ("Ada Obi", PHONE, "ada@example.org")
    assert (contact.group, contact.language, contact.timezone) == ("Community", "fr", "Africa/Nairobi")
    assert (contact.organisation, contact.consent, contact.row) == ("Water Board", "paper 3 May", 2)


def test_other_columns_are_kept_as_attributes_under_their_own_heading():
    contact = only(f"phone,Ward,Sits on board\n{PHONE},12,yes\n")
    assert contact.attributes == {"Ward": "12", "Sits on board": "yes"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_semicolon_and_tab_are_read(delimiter):
    contact = only(f"name{delimiter}phone\nAda{delimiter}{PHONE}\n")
    assert (contact.name, contact.phone) == ("Ada", PHONE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_harm(encoding):
    assert only(f"name,phone\nÅsa,{PHONE}\n".encode(encoding)).name == "Åsa"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read_and_blank_lines_are_passed_over(end):
    contact = only(end.join(["phone", "", PHONE, "", ""]))
    assert (contact.phone, contact.row) == (PHONE, 3)


def test_a_phone_or_an_address_alone_is_enough_and_the_name_may_be_empty():
    listed = read(f"name,phone,email\n,{PHONE},\n,,bo@example.org\n")
    assert not listed.faults
    assert [(c.phone, c.email, c.name) for c in listed.contacts] == [(PHONE, None, ""), (None, "bo@example.org", "")]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "@sum", "-1+2", "+x"])
def test_text_that_looks_like_a_formula_is_text(text):
    assert only(f'phone,name\n{PHONE},"{text}"\n').name == text


def test_a_quoted_cell_may_hold_delimiters_quotes_and_lines():
    assert only(f'phone,name\n{PHONE},"Obi, ""Ada""\nB."\n').name == 'Obi, "Ada"\nB.'


@pytest.mark.parametrize(
    "typed",
    [
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "+44.7700.900.123",
        "+44-7700-900-123",
        "'+447700900123",
        "＋44７７００900123",
    ],
)
def test_a_number_may_be_written_as_people_write_numbers(typed):
    assert only(f"phone\n{typed}\n").phone == "+447700900123"


@pytest.mark.parametrize(
    ("typed", "code"), [("fr", "fr"), ("fr_CA", "fr-CA"), ("Français", "fr"), ("french", "fr"), ("sw", "sw")]
)
def test_a_language_may_be_a_code_or_a_name_even_one_the_definition_lacks(typed, code):
    assert only(f"phone,language\n{PHONE},{typed}\n").language == code


def test_text_is_normalised_at_the_edge():
    assert only(f"phone,name\n{PHONE},  Ade\u0301\x00\x07\ud800 \n").name == "Adé\ufffd"


FAULTS = [
    ("an empty file", "", 0, "", "is empty"),
    ("only blank lines", "\n \n,,,\n", 0, "", "is empty"),
    ("headings without people", "phone,name\n", 0, "", "no people below"),
    ("neither column", "name\nAda\n", 1, "", "“phone” or “email” is needed"),
    ("a near heading", "name,phnoe\nAda,1\n", 1, "", "Is “phnoe” the phone?"),
    ("a heading twice", f"phone,Phone\n{PHONE},\n", 1, "Phone", "twice"),
    ("a heading that is too long", "phone," + "x" * 81 + f"\n{PHONE},\n", 1, "x" * 40 + "…", "80 characters"),
    ("too many columns", "phone," + ",".join(f"c{n}" for n in range(61)) + f"\n{PHONE}\n", 1, "", "62 columns"),
    ("a value without a heading", f"phone,\n{PHONE},stray\n", 2, "", "without a heading"),
    ("too many cells", f"phone,name\n{PHONE},Obi, Ada\n", 2, "", "3 cells"),
    ("a spreadsheet", b"PK\x03\x04...", 0, "", "spreadsheet"),
    ("an old spreadsheet", b"\xd0\xcf\x11\xe0...", 0, "", "spreadsheet"),
    ("not UTF-8", b"phone,name\n+1,Ren\xe9\n", 0, "", "Line 2 is not UTF-8"),
    ("an open quotation mark", f'phone,name\n{PHONE},"Ada\n', 0, "", "quotation mark"),
    ("neither phone nor email", "phone,email,name\n,,Ada\n", 2, "", "neither phone nor email"),
    ("a local number", "phone\n0712345678\n", 2, "phone", "country code"),
    ("a number with 00", "phone\n00447700900123\n", 2, "phone", "such as +447700900123"),
    ("a number that a spreadsheet ate", "phone\n2.54713E+11\n", 2, "phone", "spreadsheet"),
    ("two numbers in a cell", "phone\n+447700900123 / +447700900124\n", 2, "phone", "not one phone number"),
    ("letters in a number", "phone\n+44 seven\n", 2, "phone", "not one phone number"),
    ("a country code that is none", "phone\n+99912345678\n", 2, "phone", "country code that does not exist"),
    ("too few digits", "phone\n+3363998\n", 2, "phone", "too few digits"),
    ("too many digits", "phone\n+331234567890123\n", 2, "phone", "too many digits"),
    ("a number in no network", "phone\n+25471234567\n", 2, "phone", "not in use"),
    ("an address without a domain", "email\nada@\n", 2, "email", "not an e-mail address"),
    ("an address with a space", "email\nada obi@example.org\n", 2, "email", "not an e-mail address"),
    ("two addresses in a cell", 'email\n"a@b.org, c@d.org"\n', 2, "email", "not an e-mail address"),
    ("an address that is too long", f"email\n{'a' * 250}@b.org\n", 2, "email", "at most 254"),
    ("a language that is none", f"phone,language\n{PHONE},gibberish\n", 2, "language", "such as en, fr"),
    ("a time zone that is none", f"phone,timezone\n{PHONE},Nairobi\n", 2, "timezone", "Africa/Nairobi"),
    ("a name that is too long", f"phone,name\n{PHONE},{'x' * 201}\n", 2, "name", "at most 200"),
    ("a group that is too long", f"phone,group\n{PHONE},{'x' * 81}\n", 2, "group", "at most 80"),
    ("an attribute that is too long", f"phone,note\n{PHONE},{'x' * 1001}\n", 2, "note", "at most 1000"),
    ("a phone twice", f"phone\n{PHONE}\n+1 202 555 0100\n", 3, "phone", "row 2 already"),
    ("an address twice", "email\na@b.org\nA@B.org\n", 3, "email", "row 2 already"),
]


@pytest.mark.parametrize(("text", "row", "column", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_names_its_row_its_column_and_the_mend_and_nothing_is_imported(text, row, column, message):
    listed = read(text)
    assert listed.contacts == ()
    assert [(fault.row, fault.column) for fault in listed.faults] == [(row, column)]
    assert message in listed.faults[0].sentence()


def test_all_faults_of_a_list_are_said_at_once():
    listed = read(f"phone,email,language\n123,x,??\n{PHONE},,\n,,\n{PHONE},b@c,\n")
    assert [(f.row, f.column) for f in listed.faults] == [
        (2, "phone"),
        (2, "email"),
        (2, "language"),
        (5, "email"),
        (5, "phone"),
    ]


def test_a_list_may_have_a_hundred_thousand_people_and_not_one_more():
    text = "email\n" + "".join(f"u{n}@example.org\n" for n in range(100_000))
    assert len(read(text).contacts) == 100_000
    assert "at most 100,000" in read(text + "one@more.org\n").faults[0].message


def test_a_list_of_nothing_but_faults_is_cut_short_and_says_so():
    listed = read("phone\n" + "x\n" * 5_000)
    assert len(listed.faults) == 1_001
    assert "Too many faults" in listed.faults[-1].message
