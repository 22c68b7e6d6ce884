"""Answering on the web: nothing typed is lost, nothing is stored twice, and every state has its page."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from gzip import decompress

import pytest
import requests
from builders import find_token, publish
from live import read_hidden, serve
from respondents import Respondent, ask, find_events, find_interviews, forget_request, publish_small

from surveyapp.services.rounds import close_round, find_round

ONE = {"id": "one", "title": {"en": "First part", "fr": "Première partie"}}
TWO = {"id": "two", "title": {"en": "Second part", "fr": "Seconde partie"}}


def two_parts(database, **wishes):
    first = {**ONE, "questions": [ask("mood", "scale", required=True, dont_know=True), ask("why")]}
    second = {**TWO, "questions": [ask("age", "integer", required=True, min=0, max=120, dont_know=True)]}
    return publish_small(database, first, second, **wishes)


def close(database, round_):
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="test", now=datetime.now(UTC))


@pytest.fixture
def person(client, database) -> Respondent:
    return Respondent(client, f"/r/{two_parts(database).code}")


def test_an_open_link_shows_who_asks_how_long_and_the_promise(client, database):
    round_ = publish(database, open_link=True)
    page = client.get(f"/r/{round_.code}")
    assert page.status_code == 200
    for words in ("River Valley", "about 6 minutes", "groups of at least 5 people", "Français"):
        assert words in page.text


@pytest.mark.parametrize(
    ("confidentiality", "promise"), [("named", "together with your name"), ("anonymous", "are anonymous")]
)
def test_the_promise_is_that_of_the_round(client, database, confidentiality, promise):
    round_ = two_parts(database, confidentiality=confidentiality)
    assert promise in client.get(f"/r/{round_.code}").text


def test_looking_at_pages_begins_nothing(client, database):
    round_ = publish(database, open_link=True)
    client.get(f"/r/{round_.code}")
    client.get(f"/a/{find_token(database, round_, 'Amina')}")
    assert find_interviews(database) == []


def test_the_same_start_sent_twice_begins_one_interview(client, database):
    path = f"/r/{two_parts(database).code}"
    fields = read_hidden(client.get(path).text)
    first, second = (client.post(path, data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(find_interviews(database)) == 1


def test_a_start_key_that_can_be_guessed_leads_into_nobodys_interview(client, database):
    path = f"/r/{two_parts(database).code}"
    fields = {**read_hidden(client.get(path).text), "start_key": "1"}
    assert client.post(path, data=fields).location != client.post(path, data=fields).location


def test_a_whole_interview_ends_with_a_receipt(person, database):
    person.send(mood="2", why="Because")
    person.send(age="41")
    assert "Check your answers" in person.text
    assert "Label 2" in person.text
    assert "Because" in person.text
    person.send("submit")
    assert 'id="receipt"' in person.page.text
    [interview] = find_interviews(database)
    assert interview.state == "finished"
    assert interview.answers == {"mood": 2, "why": "Because", "age": 41}
    assert interview.reference in person.text


def test_a_fault_gives_the_page_back_with_what_was_typed_and_stores_nothing(person, database):
    page = person.send(mood="7", why="My long story")
    assert page.status_code == 422
    assert page.text.count("<title>Error: ") == 1
    assert "My long story" in page.text
    assert 'role="alert"' in page.text
    assert '<a href="#mood">' in page.text
    assert 'id="mood"' in page.text
    assert find_interviews(database)[0].answers == {}


def test_faults_are_told_in_the_language_of_the_page(client, database):
    person = Respondent(client, f"/r/{two_parts(database).code}?lang=fr")
    page = person.send(why="Parce que")
    assert page.status_code == 422
    assert '<html lang="fr"' in page.text
    assert "Erreur :" in page.text
    assert "Veuillez" in page.text


def test_changing_the_language_keeps_what_was_typed_even_where_it_is_wrong(person, database):
    page = person.send("", language="fr", mood="3", why="Not yet <b>finished</b>")
    assert page.status_code == 200
    assert "La question mood ?" in page.text
    assert "Not yet &lt;b&gt;finished&lt;/b&gt;" in page.text
    assert re.search(r'value="3"[^>]* checked', page.text)
    assert find_interviews(database)[0].answers == {}
    assert "La question mood ?" in person.open(person.link).text


def test_changing_the_language_of_an_invitation_begins_nothing(client, database):
    round_ = publish(database)
    person = Respondent(client, f"/a/{find_token(database, round_, 'Amina')}")
    person.send("", language="fr")
    assert "Votre participation" in person.text
    assert find_interviews(database) == []
    person.send(pfc="1")
    assert find_interviews(database)[0].language == "fr"


def test_back_stores_what_is_valid_and_complains_of_nothing(person, database):
    person.send(mood="1")
    page = person.send("back", age="old")
    assert page.status_code == 200
    assert "First part" in person.text
    person.send("back", mood="", why="A draft")
    assert find_interviews(database)[0].answers == {"mood": 1, "why": "A draft"}


def test_an_unfinished_interview_goes_on_where_it_stopped_on_any_device(person, app, database):
    person.send(mood="1")
    other = Respondent(app.test_client(), person.link)
    assert "Second part" in other.text


def test_a_later_section_cannot_be_opened_before_its_time(person):
    person.go_to("two")
    assert "First part" in person.text
    person.go_to("review")
    assert "First part" in person.text


def test_mending_an_answer_from_the_review_leads_back_to_it(person, database):
    person.send(mood="1")
    person.send(age="3")
    person.open(re.search(r'href="(/a/[^"]*from=review)', person.page.text)[1].replace("&amp;", "&"))
    person.send(mood="3")
    assert "Check your answers" in person.text
    assert find_interviews(database)[0].answers["mood"] == 3


def test_the_bar_never_goes_backwards(person):
    person.send(mood="1")
    reached = int(re.search(r'<progress max="100" value="(\d+)"', person.page.text)[1])
    person.send("back")
    assert int(re.search(r'<progress max="100" value="(\d+)"', person.page.text)[1]) >= reached


def test_questions_that_depend_on_each_other_share_a_section_without_javascript(client, database):
    first = ask("has", "select_one", required=True)
    then = ask("which", required=True, show_if="${has} = 1")
    round_ = publish_small(database, {**ONE, "questions": [first, then]}, {**TWO, "questions": [ask("end")]})
    person = Respondent(client, f"/r/{round_.code}")
    assert person.names == ["has"]
    page = person.send(has="1")
    assert page.status_code == 200
    assert person.names == ["has", "which"]
    assert "Error:" not in page.text
    assert person.send(has="1").status_code == 422
    person.send(has="1", which="That one")
    assert "Second part" in person.text


def test_dont_know_beside_a_free_input_is_kept_and_shown_again(person, database):
    person.send(mood="-98")
    person.send(age="", age__st="-98")
    assert find_interviews(database)[0].answers["age"] == {"missing": -98}
    person.go_to("two")
    assert re.search(r'name="age__st" value="-98" checked', person.page.text)
    person.go_to("one")
    assert re.search(r'name="mood" value="-98" checked', person.page.text)


def test_what_people_and_definitions_write_is_only_ever_text(client, database):
    note = {"id": "hello", "type": "note", "label": "<script>alert(1)</script> & ${partnership}"}
    piped = ask("piped", hint="You said ${word}")
    round_ = publish_small(
        database, {**ONE, "questions": [note, ask("word")]}, {**TWO, "questions": [piped]}, contacts=None
    )
    person = Respondent(client, f"/r/{round_.code}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; River Valley" in person.page.text
    person.send(word='<img src=x onerror="x">${partnership}')
    assert "<img" not in person.page.text
    assert 'You said <img src=x onerror="x">${partnership}' in person.text


def test_what_one_person_answered_is_never_drawn_for_another(client, app, database):
    piped = ask("piped", hint="You said ${word}")
    round_ = publish_small(database, {**ONE, "questions": [ask("word")]}, {**TWO, "questions": [piped]})
    for word in ("apple", "pear"):
        person = Respondent(app.test_client(), f"/r/{round_.code}")
        person.send(word=word)
        assert f"You said {word}" in person.text


def test_saying_no_to_taking_part_ends_kindly(client, database):
    round_ = publish(database)
    person = Respondent(client, f"/a/{find_token(database, round_, 'Amina')}")
    person.send(pfc="2")
    assert "nothing more is asked of you" in person.text
    assert 'id="receipt"' in person.page.text
    assert find_interviews(database)[0].state == "declined"


def test_a_finished_link_shows_its_receipt_whatever_is_sent(person, database):
    person.send(mood="1")
    old = person.fields
    person.send(age="3")
    person.send("submit")
    receipt = person.text
    assert person.open(person.link).status_code == 200
    assert person.text == receipt
    again = person.client.post(person.link, data={**old, "action": "next", "age": "99"})
    assert (again.status_code, again.location) == (303, f"{person.link}/done")
    assert find_interviews(database)[0].answers["age"] == 3


def test_a_receipt_cannot_be_had_before_sending(person):
    page = person.client.get(f"{person.link}/done")
    assert (page.status_code, page.location) == (303, person.link)


def test_submitting_too_early_leads_to_what_is_open(person, database):
    person.send("submit", section="review")
    assert "First part" in person.text
    assert find_interviews(database)[0].state == "started"


def test_an_answer_that_a_later_change_made_impossible_is_asked_again(client, database):
    most = ask("most", "integer", required=True, min=0, max=100)
    some = ask("some", "integer", required=True, min=0, constraint=". <= ${most}")
    round_ = publish_small(database, {**ONE, "questions": [most]}, {**TWO, "questions": [some]})
    person = Respondent(client, f"/r/{round_.code}")
    person.send(most="50")
    person.send(some="40")
    person.open(f"{person.link}?section=one&from=review")
    person.send(most="10")
    assert person.send("submit").status_code == 422
    assert "Second part" in person.text
    assert find_interviews(database)[0].state == "started"


def test_a_closed_round_says_so_and_keeps_what_was_typed_in_sight(client, database):
    round_ = two_parts(database)
    person = Respondent(client, f"/r/{round_.code}")
    fields = person.fields
    close(database, round_)
    page = client.post(person.link, data={**fields, "action": "next", "mood": "2", "why": "Too late?"})
    assert page.status_code == 410
    assert "Too late?" in page.text
    assert "Label 2" in page.text
    assert find_interviews(database)[0].answers == {}
    assert client.get(person.link).status_code == 410
    assert client.get(f"/r/{round_.code}").status_code == 410
    assert client.post(f"/r/{round_.code}", data=fields).status_code == 410
    assert len(find_interviews(database)) == 1


def test_a_round_that_has_not_opened_says_when_it_will(client, database):
    opens = datetime.now(UTC) + timedelta(days=3)
    round_ = publish(database, open_link=True, opens_at=opens, timezone="Africa/Nairobi", now=datetime.now(UTC))
    for path in (f"/r/{round_.code}", f"/a/{find_token(database, round_, 'Amina')}"):
        page = client.get(path)
        assert page.status_code == 403
        assert "not open yet" in page.text
        assert str(opens.year) in page.text


@pytest.mark.parametrize("path", ["/a/nothing", "/a/nothing/done", "/r/nothing1", "/a/" + "x" * 500])
def test_an_unknown_link_has_a_kind_page_in_the_readers_language(client, path):
    assert "not known here" in client.get(path).text
    french = client.get(path, headers={"Accept-Language": "fr-CA,fr;q=0.9"})
    assert french.status_code == 404
    assert "pas connu ici" in french.text


def test_a_round_without_an_open_link_looks_like_no_round(client, database):
    round_ = publish(database, open_link=False)
    assert client.get(f"/r/{round_.code}").text == client.get("/r/nothing1").text


def test_the_code_of_a_poster_may_be_typed_in_capitals(client, database):
    assert client.get(f"/r/{two_parts(database).code.upper()}").status_code == 200


def test_a_form_without_its_safety_token_comes_back_with_everything_typed(person, database):
    page = person.client.post(
        person.link, data={**person.fields, "csrf_token": "old", "action": "next", "mood": "2", "why": "My story"}
    )
    assert page.status_code == 400
    assert "My story" in page.text
    assert re.search(r'value="2"[^>]* checked', page.text)
    assert "press the button once more" in page.text
    assert find_interviews(database)[0].answers == {}
    person.page = page
    person.send(mood="2", why="My story")
    assert find_interviews(database)[0].answers == {"mood": 2, "why": "My story"}


def test_a_start_without_its_safety_token_can_be_pressed_again(app, database):
    path = f"/r/{two_parts(database).code}"
    client = app.test_client()
    page = app.test_client().get(path)
    forget_request()
    refused = client.post(path, data=read_hidden(page.text))
    assert refused.status_code == 400
    assert client.post(path, data=read_hidden(refused.text)).status_code == 303


@pytest.mark.parametrize("fields", [{"section": "nowhere"}, {"section": ""}, {"section": "one", "action": "jump"}])
def test_a_page_that_is_none_of_ours_is_refused_and_changes_nothing(person, database, fields):
    assert person.send(**{"mood": "1", **fields}).status_code == 400
    assert find_interviews(database)[0].answers == {}


def test_a_thousand_and_one_fields_are_too_many(person):
    fields = {f"f{n}": "x" for n in range(1001)}
    assert person.client.post(person.link, data={**person.fields, **fields}).status_code == 413


def test_more_than_a_page_can_take_is_refused_at_once(person):
    assert person.client.post(person.link, data={**person.fields, "why": "x" * 300_000}).status_code == 413


def test_the_same_page_sent_again_is_stored_once_and_leads_on(person, database):
    fields = {**person.fields, "action": "next", "mood": "2"}
    first, second = (person.client.post(person.link, data=fields) for _ in range(2))
    assert first.location == second.location
    assert len(find_events(database)) == 1


def test_an_old_page_sent_again_after_a_change_shows_what_stands_now(person, database):
    fields = {**person.fields, "action": "next"}
    person.client.post(person.link, data={**fields, "mood": "2"})
    person.go_to("one")
    person.send(mood="3")
    late = person.client.post(person.link, data={**fields, "mood": "2"})
    assert late.location.endswith("?section=one")
    assert find_interviews(database)[0].answers["mood"] == 3


def test_an_anonymous_interview_keeps_its_receipt_but_no_way_back_to_its_answers(client, database):
    round_ = publish(database, confidentiality="anonymous")
    person = Respondent(client, f"/a/{find_token(database, round_, 'Amina')}")
    while 'id="receipt"' not in person.page.text:
        answers = dict.fromkeys(person.names, "1")
        person.send("submit" if person.fields["section"] == "review" else "next", **answers)
    [interview] = find_interviews(database)
    assert interview.invitation_id is None
    assert person.open(person.link).status_code == 200
    assert interview.reference in person.text
    assert "A copy of your answers" not in person.text
    assert f"{interview.finished_at:%H:%M}" in ("00:00",)


def test_an_open_anonymous_interview_ends_with_its_receipt(client, database):
    person = Respondent(client, f"/r/{two_parts(database, confidentiality='anonymous').code}")
    person.send(mood="1")
    person.send(age="3")
    person.send("submit")
    assert 'id="receipt"' in person.page.text


def test_twenty_identical_pages_at_once_store_one_response_and_all_get_the_receipt(settings, database):
    round_ = two_parts(database)
    with serve(settings, threads=20) as url:
        browser = requests.Session()
        page = browser.get(f"{url}/r/{round_.code}")
        page = browser.post(f"{url}/r/{round_.code}", data=read_hidden(page.text))
        link = page.url

        def send_twenty(**answers):
            fields = {**read_hidden(page.text), **answers}

            def send(_):
                return requests.post(link, data=fields, cookies=browser.cookies, timeout=60)

            with ThreadPoolExecutor(20) as people:
                return list(people.map(send, range(20)))

        for answers in ({"mood": "2"}, {"age": "7"}):
            pages = send_twenty(action="next", **answers)
            assert {page.status_code for page in pages} == {200}
            page = pages[0]
        receipts = send_twenty(action="submit")
    assert all('id="receipt"' in receipt.text for receipt in receipts)
    assert len({receipt.text for receipt in receipts}) == 1
    assert len(find_interviews(database)) == 1
    assert len(find_events(database)) == 2


def test_the_first_page_with_everything_it_needs_is_small(client, database):
    round_ = publish(database, open_link=True)
    for path in (f"/r/{round_.code}", f"/a/{find_token(database, round_, 'Amina')}"):
        page = client.get(path, headers={"Accept-Encoding": "gzip"})
        weight = len(page.data)
        for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', decompress(page.data).decode()):
            weight += len(client.get(file, headers={"Accept-Encoding": "gzip"}).data)
        assert weight <= 14 * 1024


def test_sample_rounds_say_so_on_every_page(client, database):
    person = Respondent(client, f"/r/{two_parts(database, sample_data=True).code}")
    assert "rehearsal with sample answers" in person.page.text


def test_what_is_written_beside_a_choice_is_kept_shown_again_and_reviewed(client, database):
    work = ask("work", "select_one")
    work["choices"][2]["specify"] = True
    person = Respondent(client, f"/r/{publish_small(database, {**ONE, 'questions': [work]}).code}")
    assert person.names == ["work", "work__oth"]
    person.send(work="3", work__oth="x" * 201)
    assert 'href="#work__oth"' in person.page.text
    person.send(work="3", work__oth="I mend <nets>")
    assert "Label 3: I mend <nets>" in person.text
    assert find_interviews(database)[0].answers == {"work": 3, "work__oth": "I mend <nets>"}
    person.go_to("one")
    assert 'value="I mend &lt;nets&gt;"' in person.page.text
    person.send(work="1")
    person.send("submit")
    assert "Answers received" in person.text
    assert "nets" not in person.text


def test_an_order_is_kept_and_shown_again(client, database):
    questions = [ask("needs", "rank", choices=[{"value": n, "label": f"Need {n}"} for n in (1, 2, 3)], dont_know=True)]
    person = Respondent(client, f"/r/{publish_small(database, {**ONE, 'questions': questions}).code}")
    person.send(needs=["1:3", "1:1", ""])
    assert "Please put 3 different answers in order" in person.text
    assert '<option value="1:3" selected>' in person.page.text
    person.send(needs=["1:3", "2:1", "3:2"])
    assert "1. Need 3, 2. Need 1, 3. Need 2" in person.text
    assert find_interviews(database)[0].answers == {"needs": [3, 1, 2]}
    person.go_to("one")
    assert re.findall(r'value="(\d:\d)" selected', person.page.text) == ["2:1", "3:2", "1:3"]
