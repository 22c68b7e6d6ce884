"""Previews at the console: what will be asked can be seen by those who publish, and leaves no trace."""

import pytest
from builders import FEEDBACK, publish
from canonical_forms import canonical
from sqlalchemy import func, select
from staff import enter

from forms.xlsform import read_xlsform
from surveyapp.models import Base

PAGES = "/console/instruments/partnership_feedback/pages"
TEXTS = "/console/instruments/partnership_feedback/texts"


def count_rows(database) -> dict[str, int]:
    with database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_pages_and_texts_are_shown_and_nothing_is_stored(visitor, database, role):
    enter(visitor, database, role)
    before = count_rows(database)
    pages = visitor.get(PAGES)
    texts = visitor.get(TEXTS)
    assert (pages.status_code, texts.status_code) == (200, 200)
    assert "Are the shared goals of the partnership clear to you?" in pages.text
    assert "<form" not in pages.text
    assert "Reply YES to start" in texts.text
    assert "1 segment, " in texts.text
    assert count_rows(database) == before


def test_every_language_is_a_link_and_stands_in_its_own_direction(visitor, database):
    enter(visitor, database)
    french = visitor.get(f"{PAGES}?lang=fr").text
    assert '<html lang="fr"' in french
    assert "Les objectifs communs du partenariat" in french
    assert f'href="{PAGES}?lang=en"' in french
    assert 'lang="fr" dir="ltr">Bonjour' in visitor.get(f"{TEXTS}?lang=fr").text


def test_an_unknown_language_is_the_default_one(visitor, database):
    enter(visitor, database)
    assert '<html lang="en"' in visitor.get(f"{PAGES}?lang=xx").text


def test_a_parameter_stands_where_it_will_stand_and_is_plain_text(visitor, database):
    enter(visitor, database)
    page = visitor.get(TEXTS, query_string={"parameter_partnership": "<b>River"}).text
    assert "&lt;b&gt;River" in page
    assert "<b>River" not in page
    assert "parameter_partnership=%3Cb%3ERiver" in page, "it travels along to the other language"


def test_evaluators_and_strangers_see_no_preview(visitor, database, wsgi):
    assert wsgi.test_client().get(PAGES).status_code in (302, 303)
    enter(visitor, database, "evaluator")
    assert visitor.get(PAGES).status_code == 403
    assert visitor.get(TEXTS).status_code == 403


@pytest.mark.parametrize("name", ["nothing", "../secret", "%2e%2e%2fsecret"])
def test_an_instrument_that_is_not_there_is_not_found(visitor, database, name):
    enter(visitor, database)
    assert visitor.get(f"/console/instruments/{name}/pages").status_code == 404


def test_a_preview_leaves_the_pages_of_a_round_alone(visitor, database):
    round_ = publish(database, open_link=True)
    enter(visitor, database)
    visitor.get(PAGES)
    assert "Preview of" not in visitor.get(f"/r/{round_.code}").text


def test_an_instrument_is_downloaded_as_an_xlsform_that_comes_back_as_it_was(visitor, database, tmp_path):
    enter(visitor, database)
    assert 'form.xlsx" download>XLSForm' in visitor.get("/console/rounds/new").text
    sent = visitor.get("/console/instruments/partnership_feedback/form.xlsx")
    assert sent.headers["Content-Disposition"] == "attachment; filename=partnership_feedback_1.0.0.xlsx"
    (tmp_path / "form.xlsx").write_bytes(sent.data)
    imported = read_xlsform(tmp_path / "form.xlsx")
    assert imported.remarks == ()
    assert canonical(imported.text) == canonical(FEEDBACK.read_text(encoding="utf-8"))
    assert visitor.get("/console/instruments/nothing/form.xlsx").status_code == 404
