from __future__ import annotations

from datetime import timedelta

from builders import NOON, SECRET_KEY, publish
from outbox import SENDING, Post
from phones import Phone

from surveyapp.gateways.base import Inbound
from surveyapp.services.rehearsal import find_unused, list_entries, read_conversation
from surveyapp.services.texting import receive

PHONE = "+12025550142"


def send(database, body: str, message_id: str) -> None:
    inbound = Inbound(gateway="simulator", account=PHONE, message_id=message_id, phone=PHONE, our_number="", body=body)
    with database.writing() as session:
        receive(session, inbound, secret_key=SECRET_KEY, public_url="http://localhost", now=NOON)


def test_the_phone_shows_both_sides_oldest_first_with_what_each_costs(database):
    publish(database, keyword="FEEDBACK")
    send(database, "FEEDBACK", "a")
    send(database, "STOP", "b")
    send(database, "hello", "c")
    with database.reading() as session:
        bubbles = read_conversation(session, PHONE)
    assert [bubble.sent for bubble in bubbles] == [True, False] * 3
    assert [bubble.text for bubble in bubbles][::2] == ["FEEDBACK", "STOP", "hello"]
    assert bubbles[1].segments.segments == 1
    assert bubbles[-1].text is None


def test_the_phone_never_shows_what_a_real_gateway_carried(database):
    publish(database, keyword="FEEDBACK")
    Phone(database, PHONE).text("FEEDBACK")
    with database.reading() as session:
        assert read_conversation(session, PHONE) == ()


def test_the_ways_in_are_keywords_and_fictional_numbers_of_open_rounds(database):
    people = "name,phone\nA,+12025550101\nB,+14155552671\nC,+447700900123\nD,+33639981234\n"
    publish(database, keyword="FEEDBACK", contacts=people)
    publish(database, name="Web only", contacts=None, open_link=True)
    with database.reading() as session:
        (entry,) = list_entries(session, NOON)
    assert entry.keyword == "FEEDBACK"
    assert entry.invited == ("+12025550101", "+447700900123", "+33639981234")


def test_a_new_number_has_neither_texted_nor_been_invited(database):
    people = "name,phone\n" + "".join(f"P{i},+1202555{i:04}\n" for i in range(100, 200))
    publish(database, contacts=people)
    with database.reading() as session:
        assert all(not find_unused(session).startswith("+1202") for _ in range(5))


def test_the_phone_shows_invitations_among_what_was_said(database, settings):
    contacts = f"name,phone,consent\nA,{PHONE},yes\n"
    post = Post(database, settings, contacts=contacts, sending=SENDING, now=NOON - timedelta(days=1))
    post.clock.now = NOON - timedelta(hours=20)
    post.deliver()
    send(database, "YES", "a")
    with database.reading() as session:
        bubbles = read_conversation(session, PHONE)
    assert [bubble.sent for bubble in bubbles] == [False, True, False]
    assert "YES" in bubbles[0].text
