import re
from html.parser import HTMLParser

import pytest
from study_builders import answer_all, invite, make_definition, make_scored, make_study

from exports.scorecards.formats import scorecard_css, scorecard_fragment, scorecard_html
from exports.scorecards.page import Page
from exports.scorecards.results import build_results

TEN = make_definition(*(make_scored(f"q{n}", f"D{n}", core=n < 6) for n in range(10)))
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Reader(HTMLParser):
    """Reads a page strictly: every tag is closed where it must be."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def people(n, code=4):
    return [{f"q{d}": code - (place + d) % 3 for d in range(10)} for place in range(n)]


def build(groups, invited=None, **more):
    cases = None if invited is None else invite({g: (len(groups.get(g, [])), n) for g, n in invited.items()})
    return build_results(make_study(TEN, answer_all(groups), cases=cases, labels=groups, **more))


@pytest.fixture
def card():
    invited = {"community": 40, "ngo": 20, "donor": 5, "school": 6, "media": 3}
    groups = {"community": people(20, 3), "ngo": people(12, 5), "donor": people(3), "school": people(4), "media": []}
    return build(groups, invited)


def test_the_page_is_whole_and_asks_nothing_of_anybody_else(card):
    reader = Reader(scorecard_html(card))
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in reader.tags}
    assert not re.search(r"url\(\s*['\"]?http", scorecard_css())


def test_the_fragment_keeps_within_a_strict_content_policy(card):
    reader = Reader(scorecard_fragment(card))
    assert "style" not in {tag for tag, _ in reader.tags}
    assert not any(
        "style" in attributes or any(a.startswith("on") for a in attributes) for _, attributes in reader.tags
    )


def test_ids_are_unique_and_references_hold(card):
    attributes = [attributes for _, attributes in Reader(scorecard_html(card)).tags]
    ids = [own["id"] for own in attributes if "id" in own]
    named = {name for own in attributes for name in own.get("aria-labelledby", "").split()}
    assert len(ids) == len(set(ids))
    assert named <= set(ids)


def test_headings_stand_in_order_and_tables_have_captions_and_scopes(card):
    page = scorecard_html(card)
    assert "<h1" not in scorecard_fragment(card), "the page around the fragment has a name of its own"
    headings = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert headings[0] == 1
    assert set(headings[1:]) == {2}
    assert page.count("<table>") == page.count("<caption")
    assert "<th>" not in page


def test_answers_come_first_then_methods_then_detail(card):
    text = Reader(scorecard_fragment(card)).text
    places = [text.index(words) for words in ("Overall", "of 100", "Domains, lowest first", "How to read", "By group")]
    assert places == sorted(places)


def test_the_domains_stand_lowest_first_in_chart_and_table():
    varied = [{f"q{d}": 1 + d % 5 for d in range(10)} | {"q0": 1 + n % 2} for n in range(12)]
    page = scorecard_fragment(build({"ngo": varied}, {"ngo": 20}))
    rows = re.findall(r'<th scope="row">(D\d)', page.split("Scores by domain")[2])[:10]
    score = {f"D{d}": d % 5 for d in range(10)}
    assert [score[row] for row in rows] == sorted(score.values())


def test_the_response_is_told_in_a_sentence_with_the_groups_that_may_be_named(card):
    text = Reader(scorecard_fragment(card)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "39 of 74 invited people answered (53 %); Community 50 %, Ngo 60 %, Other groups combined 64 %." in text


def test_an_open_round_says_so_far():
    page = Reader(scorecard_fragment(build({"ngo": people(12)}, {"ngo": 20}, closed=False))).text
    assert "answered so far" in page


def test_what_is_withheld_is_said_and_why(card):
    text = Reader(scorecard_fragment(card)).text
    assert "Donor, School: shown only together, as Other groups combined." in text
    assert "Fewer than 5 answers: not shown, to protect people." in text
    assert "No answers from: Media." in text


def test_an_open_link_says_why_there_is_no_margin_of_error():
    text = Reader(scorecard_fragment(build({"ngo": people(12)}))).text
    assert "we cannot say how many people saw it, so no margin of error is given" in text
    assert "95 % interval 5" not in text


def test_below_k_the_page_shows_no_number_of_people():
    text = Reader(scorecard_fragment(build({"ngo": people(3)}, {"ngo": 17}))).text
    assert "No overall score" in text
    answered, waiting, invited = 3, 14, 17
    assert not {str(waiting), str(invited)} & set(re.findall(r"\d+", text))
    assert f"{answered} answers" not in text


def test_when_few_all_said_the_extreme_the_page_does_not_say_that_each_did():
    text = Reader(scorecard_fragment(build({"ngo": [{f"q{d}": 5 for d in range(10)}] * 12}, {"ngo": 20}))).text
    assert "≥95 of 100" in text


def test_sample_data_is_marked_before_any_number():
    text = Reader(scorecard_html(build({"ngo": people(12)}, {"ngo": 20}, sample_data=True))).text
    assert text.index("The answers behind this scorecard are made up.") < text.index("of 100")


def test_names_are_text_and_never_markup():
    page = scorecard_html(build({"<b>x</b>": people(12)}, round_name="<script>1</script>"))
    assert "<script>" not in page
    assert "<b>" not in page


def test_an_instrument_without_scores_says_so():
    study = make_study(make_definition(), [])
    assert "no scored questions" in scorecard_html(build_results(study))


def test_a_round_that_nobody_answered_yet_has_a_page():
    text = Reader(scorecard_fragment(build({}, {"ngo": 20}, closed=False))).text
    assert "No overall score" in text


def test_with_texting_in_use_the_headline_is_the_core_index():
    groups = {"community": people(12, 3), "ngo": people(12, 5)}
    for sms, basis in ((True, "core"), (False, "full")):
        headline = Page(build(groups, {"community": 20, "ngo": 20}, sms_in_use=sms)).headline()
        assert headline.row.basis == basis
        assert ("Core index" in headline.note) is sms


def test_the_headline_counts_everybody_where_not_every_group_can_count_alike():
    texted = [{f"q{d}": 3 for d in range(6)} for _ in range(12)]
    groups = {"community": texted, "ngo": people(12, 5), "school": people(12, 4)}
    page = Page(build(groups, {"community": 20, "ngo": 20, "school": 20}))
    assert page.card.uneven >= {("full", "D7")}
    lines = {line.row.domain: line for line in page.domains()}
    assert lines["D7"].row.group == "all"
    assert "Every person counts alike here" in lines["D7"].note
    assert lines["D1"].row.group == "group_equal"
