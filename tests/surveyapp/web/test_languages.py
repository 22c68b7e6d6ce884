"""Whoever chose a language is spoken to in it: on every page, in all that is read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from builders import FEEDBACK, publish
from instruments import DEFINITIONS, IN_EVERY_LANGUAGE, publish_instrument
from instruments import walk as walk_instrument
from respondents import Respondent

from forms.checks.finding import walk_texts
from forms.definition import Definition
from forms.loading import load_definition
from forms.locale.__main__ import find_catalogues, read_catalogue
from surveyapp.services.rounds import close_round, find_round

DIRECTIONS = {"fr": "ltr", "es": "ltr", "sw": "ltr", "ar": "rtl"}
READ_ALOUD = ("aria-label", "title", "alt", "placeholder", "data-left", "data-over")
PLACEHOLDER = re.compile(r"%\\?\(\w+\\?\)\w|\\?\$\\?\{\w+\\?\}")


class Reader(HTMLParser):
    """Collects what a person sees or hears of a page, in the page's own language; notes its language and direction."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.language = self.direction = ""
        self._apart: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        facts = dict(attributes)
        if tag == "html":
            self.language, self.direction = facts.get("lang") or "", facts.get("dir") or ""
        elif self._apart or tag in ("script", "style") or facts.get("lang", self.language) != self.language:
            self._apart += [tag] if tag not in ("input", "br", "link", "meta") else []
            return
        self.said += [value for name, value in attributes if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if self._apart and self._apart[-1] == tag:
            self._apart.pop()

    def handle_data(self, data: str) -> None:
        if not self._apart and data.strip():
            self.said.append(" ".join(data.split()))


def list_english(language: str, definition: Definition | None = None) -> Iterator[re.Pattern[str]]:
    """Give every English sentence of ours and of the survey that says something else in this language."""
    pairs = []
    for path in find_catalogues():
        if path.parent.parent.name == language:
            for message in read_catalogue(path):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                pairs += [(sentence, strings) for sentence in ids if sentence]
    for _, text in walk_texts(definition or load_definition(FEEDBACK.read_bytes())):
        pairs.append((text.by_language["en"], (text.by_language[language],)))
    for sentence, strings in pairs:
        if sentence not in strings:
            whole = PLACEHOLDER.sub(".+", re.escape(sentence))
            yield re.compile(rf"(?<!\w){whole}(?!\w)")


def walk(client, database, language: str) -> Iterator[tuple[str, str]]:
    """Give every page that somebody sees who answers in a language, and those where something went wrong."""
    now = datetime.now(UTC)
    round_ = publish(database, open_link=True, contacts=None, sample_data=True, now=now)
    headers = {"Accept-Language": language}
    yield "start", client.get(f"/r/{round_.code}", headers=headers).text
    person = Respondent(client, f"/r/{round_.code}", **headers)
    while person.fields["section"] != "review":
        place, names = person.fields["section"], person.names
        yield place, person.page.text
        asked = [name for name in names if name not in ("pf00", "pf08")]
        if asked:
            yield f"{place} with faults", person.send(**dict.fromkeys(names, "")).text
            assert person.page.status_code == 422
        person.send(**{name: "1" for name in names if name != "pf08"})
    yield "review", person.page.text
    person.send("submit")
    yield "done", person.page.text
    decliner = Respondent(client, f"/r/{round_.code}", **headers)
    decliner.send(pfc="2")
    if decliner.fields.get("section") == "review":
        decliner.send("submit")
    yield "declined", decliner.page.text
    late = Respondent(client, f"/r/{round_.code}", **headers)
    late.send(pfc="1")
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="test", now=datetime.now(UTC))
    yield "too late", late.send(follow=False, **dict.fromkeys(late.names, "4")).text
    yield "closed", client.get(f"/r/{round_.code}", headers=headers).text
    later = publish(database, name="Later", open_link=True, contacts=None, now=now, opens_at=now + timedelta(days=9))
    yield "not open yet", client.get(f"/r/{later.code}", headers=headers).text
    yield "unknown", client.get(f"/a/{'x' * 26}", headers=headers).text


@pytest.mark.parametrize("language", DIRECTIONS)
def test_no_english_is_left_on_any_page_of_the_survey(client, database, language):
    english = list(list_english(language))
    assert len(english) > 150
    seen = []
    for place, html in walk(client, database, language):
        page = Reader(html)
        assert (page.language, page.direction) == (language, DIRECTIONS[language]), place
        assert len(page.said) >= 3, place
        left = {pattern.pattern for pattern in english for said in page.said if pattern.search(said)}
        assert left == set(), (place, page.said)
        seen.append(place)
    assert {"start", "consent", "gains with faults", "about", "review", "done", "closed", "unknown"} <= set(seen)


def test_arabic_pages_have_no_latin_words_but_names_and_links(client, database):
    allowed = re.compile(r"https?://\S+|River Valley|UTC|[0-9A-Z]{4}-[0-9A-Z]{4}|%\(n\)s")
    for place, html in walk(client, database, "ar"):
        left = [said for said in Reader(html).said if re.search(r"[A-Za-z]", allowed.sub("", said))]
        assert left == [], place


def test_the_receipt_says_the_time_as_arabic_writes_it(client, database):
    (receipt,) = [html for place, html in walk(client, database, "ar") if place == "done"]
    moment = next(said for said in Reader(receipt).said if "UTC" in said)
    assert "، " in moment
    assert "," not in moment


def test_the_test_itself_would_find_english_left_over(client, database):
    round_ = publish(database, open_link=True, contacts=None, now=datetime.now(UTC))
    page = Reader(client.get(f"/r/{round_.code}", headers={"Accept-Language": "en"}).text)
    found = [pattern for pattern in list_english("ar") if any(pattern.search(said) for said in page.said)]
    assert len(found) >= 4


def walk_with_faults(client, database, name: str, language: str) -> Iterator[tuple[str, str]]:
    """Give every page of an instrument as it is asked and as it is refused; of each list a removed entry too."""
    person = Respondent(client, f"/r/{publish_instrument(database, name).code}", **{"Accept-Language": language})
    for fields in walk_instrument(DEFINITIONS[name], person):
        place, asked = person.fields["section"], person.page
        yield place, asked.text
        if person.rows:
            yield f"{place} without one", person.send("", remove=person.rows[0]).text
            person.send("", restore=re.search(r'name="restore" value="(\w+)"', person.page.text)[1])
        if any(question.type != "text" for question in fields.values()):
            yield f"{place} with faults", person.send(**dict.fromkeys(fields, "%")).text
            assert person.page.status_code == 422, place
            person.page = asked
    yield "review", person.page.text
    yield "done", person.send("submit").text


@pytest.mark.parametrize(("name", "language"), [one for one in IN_EVERY_LANGUAGE if one[1] in DIRECTIONS])
def test_no_english_is_left_in_any_instrument(client, database, name, language):
    english = list(list_english(language, DEFINITIONS[name]))
    seen = set()
    for place, html in walk_with_faults(client, database, name, language):
        said = Reader(html).said
        assert {pattern.pattern for pattern in english if any(pattern.search(one) for one in said)} == set(), place
        seen.add(place)
    lists = {f"{section.id} without one" for section in DEFINITIONS[name].repeats if section.repeat.adds}
    assert {"review", "done"} | lists <= seen
