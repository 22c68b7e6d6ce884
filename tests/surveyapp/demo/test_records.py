"""What the sample coordinators enter comes in by the real pages and feeds the panels."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from surveyapp.demo.running import fill_records
from surveyapp.models import Round
from surveyapp.showing import read_results

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_the_sample_records_feed_the_panels_on_resources_and_impact(settings, database):
    fill_records(replace(settings, demo=True), database, NOW)
    with database.reading() as session:
        rounds = {round_.definition_id: round_.id for round_ in session.scalars(select(Round))}
    planning, impact = (
        {row.domain: row for row in read_results(database, rounds[name], NOW).card.rows if row.panel in panels}
        for name, panels in (("sustainability_planning", {"resources"}), ("impact_assessment", {"impact"}))
    )
    assert "Of 75,000 USD received or signed." in planning["hhi"].note
    assert planning["inkind"].score == 100 * 8_500 / 83_500
    assert impact["IMPACT"].n == 5
    assert impact["indicator_5"].status == "U", "one of them has no baseline"
    assert all(row.note.startswith("Sample data") for row in (*planning.values(), *impact.values()))
