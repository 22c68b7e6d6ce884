"""The scorecard as one page: a fragment for a page of the console, and a whole document that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from exports.charts.tables import render_table
from exports.scorecards.report import build_report
from exports.scorecards.results import Tables
from exports.scorecards.scorecard import Scorecard


def scorecard_html(results: Tables, earlier: Sequence[Scorecard] = ()) -> str:
    """Give a complete HTML document with its style inside; for `earlier` see `build_report`."""
    return _render("document.html", results, earlier)


def scorecard_fragment(results: Tables, earlier: Sequence[Scorecard] = ()) -> Markup:
    """Give the scorecard for a page that names the round, marks sample data, and brings `scorecard_css`.

    No inline style and no script, so that it stands under a strict content policy.
    """
    return Markup(_render("fragment.html", results, earlier))  # noqa: S704  # the template has escaped everything


def scorecard_css() -> str:
    """Give the stylesheet; every selector stays within `.scorecard`, and it takes over the page's own colours."""
    source, _, _ = _loader().get_source(_environment(), "scorecard.css")
    return source


def _render(template: str, results: Tables, earlier: Sequence[Scorecard]) -> str:
    report = build_report(results, earlier)
    return _environment().get_template(template).render(report=report, render_table=render_table)


@cache
def _loader() -> PackageLoader:
    return PackageLoader("exports.scorecards")


@cache
def _environment() -> Environment:
    return Environment(loader=_loader(), autoescape=True, trim_blocks=True, lstrip_blocks=True)
