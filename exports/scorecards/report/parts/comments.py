"""What people wrote: only what a person has read and let pass, names replaced (scorecard C10.9)."""

from __future__ import annotations

from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Block, Items, Section, Sentence

WHAT = "Each was read by a person, who replaced names. Their order tells nothing, and no small group is named."
MOST = 100
"""Comments on one question that the report quotes."""


def build_comments(page: Page) -> Section | None:
    """Give the comments by question; nothing where none may be told."""
    by_question: dict[str, list[str]] = {}
    for one in page.results.comments:
        quoted = f"“{' '.join(one.comment.split())}”"
        by_question.setdefault(one.question, []).append(f"{quoted} ({one.group})" if one.group else quoted)
    if not by_question:
        return None
    blocks: list[Block] = [Sentence(WHAT)]
    for question, comments in by_question.items():
        blocks.append(Sentence(question, strong=True))
        if len(comments) > MOST:
            blocks.append(
                Sentence(f"{MOST} of {len(comments):,}; all of them stand in the file of comments.", soft=True)
            )
        blocks.append(Items(tuple(comments[:MOST])))
    return Section("comments", "What people wrote", tuple(blocks))
