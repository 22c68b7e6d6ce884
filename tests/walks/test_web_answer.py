"""The first walk, end to end: published, answered on the web in two sittings, counted, exported."""

from datetime import UTC, datetime

from builders import find_token, publish
from respondents import Respondent, find_events, find_interviews

from surveyapp.services.rounds import count_round, find_round


def test_an_invited_person_answers_in_two_sittings_and_is_counted_once(client, app, database):
    round_ = publish(database, open_link=True, now=datetime.now(UTC))
    link = f"/a/{find_token(database, round_, 'Bruno')}"

    phone = Respondent(client, link)
    assert "Votre participation" in phone.text, "Bruno's language is known from the contact list"
    phone.send(pfc="1")
    phone.send(**dict.fromkeys(phone.names, "4"))
    half = len(find_events(database))

    laptop = Respondent(app.test_client(), link)
    assert laptop.fields["section"] not in ("consent", "goals"), "it goes on where the phone stopped"
    while laptop.fields.get("section") != "review":
        answers = {name: "Plus de réunions" if name == "pf08" else "2" for name in laptop.names}
        laptop.send(**answers)
    assert "Plus de réunions" in laptop.text
    laptop.send("submit")
    assert 'id="receipt"' in laptop.page.text
    assert "Réponses reçues" in laptop.text

    [interview] = find_interviews(database)
    assert (interview.state, interview.group, interview.language) == ("finished", "government", "fr")
    assert (interview.channel_first, interview.channel_last) == ("web", "web")
    assert interview.answers["pf01"] == 4
    assert interview.answers["pf08"] == "Plus de réunions"
    assert "pf00" not in interview.answers, "the group is known and was never asked"
    assert half == 2
    with database.reading() as session:
        counts = count_round(session, find_round(session, round_.code))
    assert counts.finished == 1
