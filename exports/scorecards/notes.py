"""The sentences that stand beside a number, or in its place (C20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exports.disclosure import COMPLEMENT, FEW, FURTHER
from exports.rounding import find_whole
from exports.statistics.intervals import COARSE, COMPLETE_COUNT, ONE_ANSWER, SELF_SELECTED, UNANIMOUS, Estimate
from exports.statistics.promoters import Promoters
from exports.statistics.weights import ENOUGH_EFFECTIVE

COMBINED_LABEL = "Other groups combined"
WEIGHTED_LABEL = "Groups by size of roster"
SAMPLE = "Sample data: these answers are made up."
WEB_ONLY = "Web only: this was not asked by text message."
OPEN_LINK = (
    "These answers come from an open link; we cannot say how many people saw it, so no margin of error is given."
)
ROSTER = (
    "People were invited from a list. Intervals are Student's t with the finite population correction where the "
    "size of the group is known. They treat those who did not answer as if they were missing by chance."
)
CASES = {
    "I": "complete",
    "P": "partial",
    "R": "broken off or refused",
    "NC": "no answer",
    "O": "could not take part",
    "UO": "not reached, eligibility unknown",
    "NE": "not eligible",
    "pending": "may still answer",
}
"""AAPOR classes in words, in the order of the report."""
FEW_FOR_NET = "Fewer than 20 answers: counts and no score."
CORE_ITEMS_ONLY = "Only core questions can be told: too few people answered more."
NOT_KNOWN = "Not known by this group: more than a quarter did not know."
ALL_LEFT_OUT = "Not shown: beside the domain's score it would give single people away."
FEW_FOR_SPREAD = "Fewer than 20 answers: no distribution, to protect people."
SPREAD_OF_OTHERS = "No distribution, so that the one of a smaller group cannot be worked out."
FEW_TO_COMPARE = "Fewer than 10 answers on one side: not compared."
UNTESTED = "Nobody differs from anybody: no test."
NOT_FROM_A_LIST = "People were not invited from a list: no rate."
BROKEN = "Questions changed since the earlier round: the line is broken here."
OTHER_GROUPS = "Not the same groups can be shown in both rounds."
CHANGE_ALIKE = "The change is told with every person counted alike."
OTHER_DOMAINS = "Not the same domains can be shown in both rounds."
NOT_THEN = "The earlier round does not show this number."
FEW_THEN = "Fewer than 10 answers in one of the rounds: no trend."
FEW_OF_A_GROUP = "A group has fewer than 10 answers in one of the rounds: groups alike have no trend."
CHOSE_THEMSELVES = "People chose themselves in one of the rounds: a difference may come from who answered."
BY_CHANCE = "The difference is within what chance could produce."
EXPLORATORY = "Exploratory: many questions were compared."
CONSERVATIVE = "Nobody can be linked: if the same people answered, the test is conservative."
OTHER_LIST = "The list of those invited was made in another way."
ROSTER_UNKNOWN = "It is not known who of those invited belongs to this group: no rate."
SO_FAR = "The round is open: the rates so far."
NOBODY = "Nobody gave enough answers."
NOBODY_OF_GROUP = "Nobody of this group answered."
EVERYONE_ALIKE = "Every person counts alike here, since not every group can be shown by itself."
FEWER_THAN_TWO = "Fewer than two groups can be shown."

_HIDDEN = {
    FEW: "Fewer than {k} answers: not shown, to protect people.",
    COMPLEMENT: "Another group is also hidden so that the first cannot be worked out.",
    FURTHER: "Fewer than {k} people answered more than the core questions: not shown, to protect people.",
}
_METHODS = {
    UNANIMOUS: "All gave the same answer.",
    COMPLETE_COUNT: "Complete count: no sampling error.",
    ONE_ANSWER: "One answer: no interval.",
    SELF_SELECTED: OPEN_LINK,
    COARSE: "Fewer than 20 answers at the end of the scale: told only as a range, to protect people.",
}


def explain_hidden(reason: str, k: int) -> str:
    """Give the sentence for a hidden number."""
    return _HIDDEN[reason].format(k=k)


def explain_method(estimate: Estimate) -> str:
    """Give the sentence for an interval that is missing or has no width; empty for an ordinary one."""
    return _METHODS.get(estimate.method, "")


def name_index(core_domains: int) -> str:
    """Give the name of the overall that rests on the core questions alone."""
    return f"Core index ({core_domains} domains)."


def explain_domains(shown: int, of: int, needed: int) -> str:
    """Give the sentence for an overall that has too few domains."""
    return f"Only {shown} of {of} domains can be shown; an overall needs {needed}."


def explain_weights(effective: float, n: int) -> str:
    """Give the sentence for a mean by roster sizes: what weighting costs, with a warning where it costs much."""
    worth = f"Groups count by the size of their roster: worth {effective:.1f} equal answers of {n}."
    return f"{worth} Weights differ much: read with care." if effective < ENOUGH_EFFECTIVE * n else worth


def count_promoters(counts: Promoters) -> str:
    """Give the sentence with the three counts behind a net promoter score."""
    return f"Promoters {counts.promoters:g}, passives {counts.passives:g}, detractors {counts.detractors:g}."


def share_promoters(counts: Promoters) -> str:
    """Give the sentence with the three shares behind a net promoter score."""
    shares = [find_whole(100 * part / counts.n) for part in (counts.promoters, counts.passives, counts.detractors)]
    return "Promoters {} %, passives {} %, detractors {} %.".format(*shares)


def count_left_out(people: int) -> str:
    """Give the sentence about answers that are in the domain's score and not in the question's own numbers."""
    return f"{people} more answered; they are left out so that nobody can be worked out beside the domain's score."


def explain_move(what: str, before: float, after: float) -> str:
    """Give the warning that who answered changed by more than 20 points."""
    was, is_ = find_whole(100 * before), find_whole(100 * after)
    return f"{what} went from {was} % to {is_} %: the change may come from that."


def list_without(lacking: Sequence[str], labels: Mapping[str, str]) -> str:
    """Give the sentence that names what a mean had to leave out."""
    return "Without " + ", ".join(labels.get(name, name) for name in lacking) + "."


def list_joined(joined: Sequence[str], labels: Mapping[str, str]) -> str:
    """Give the sentence that names the groups that could only count together."""
    return ", ".join(labels.get(name, name) for name in joined) + " count together as one group."
