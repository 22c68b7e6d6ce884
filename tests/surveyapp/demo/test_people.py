"""The synthetic people: what they say fits together."""

from random import Random

from study_builders import make_scored

from surveyapp.demo.people import choose_answer, make_people


def test_who_is_content_answers_a_reversed_question_low():
    content = max(make_people(1), key=lambda person: person.mood)
    plain, reversed_ = make_scored("plain", "D"), make_scored("rare", "D", reverse=True)
    dice = Random(1)
    means = [sum(choose_answer(q, content, 0, dice) for _ in range(200)) / 200 for q in (plain, reversed_)]
    assert means[0] > 4
    assert means[1] < 2
