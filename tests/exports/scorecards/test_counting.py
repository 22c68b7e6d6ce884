"""Stretches that did not change are counted once and then remembered; the numbers are the same."""

import random
from dataclasses import dataclass, field, replace

import pytest
from study_builders import DK, NOT_IN_CHANNEL, make_definition, make_question, make_response, make_scored, make_study

from exports.columns import Stretch, make_batch
from exports.scorecards import counting
from exports.scorecards.people import gather
from exports.scorecards.results import build_results
from exports.scorecards.tallies import Tally, dump_tally, load_tally

DEFINITION = make_definition(
    make_scored("a1", "A", core=True),
    make_scored("a2", "A", weight=0.7),
    make_scored("b1", "B", core=True),
    make_question("recommend", "nps"),
)


@dataclass
class Notebook:
    """A memory, and how often somebody looked something up in vain or not."""

    found: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    recalled: int = 0

    def recall(self, names):
        self.recalled += tuple(names) in self.found
        return self.found.get(tuple(names))

    def remember(self, names, found):
        self.found[tuple(names)] = found


def make_people(n, seed=1):
    chance = random.Random(seed)

    def answer(id_):
        gap = chance.random()
        most = 10 if id_ == "recommend" else 5
        return DK if gap < 0.1 else NOT_IN_CHANNEL if gap < 0.15 else chance.randint(1, most)

    return [
        make_response(number, chance.choice(["ngo", None]), {id_: answer(id_) for id_ in DEFINITION.questions})
        for number in range(n)
    ]


@pytest.fixture
def read(monkeypatch):
    """A round read in stretches of ten, twenty of which are a portion; `read` lists those that were read."""
    monkeypatch.setattr(counting, "_MANY", 20)
    return []


def make_round(people, memory, read, *, closed=False):
    def stretches():
        for first in range(0, len(people), 10):
            some = people[first : first + 10]

            def batches(first=first, some=some):
                read.append(first)
                return iter([make_batch(DEFINITION, some)])

            name = f"{first} {hash(tuple(str(one) for one in some))}" if len(some) == 10 else None
            yield Stretch(count=len(some), read=batches, name=name)

    study = make_study(DEFINITION, people, closed=closed)
    return replace(study, stretches=stretches, memory=memory)


def test_only_what_is_new_or_has_changed_is_read_again(read):
    people, memory = make_people(58), Notebook()
    first = build_results(make_round(people, memory, read))
    assert read == [0, 10, 20, 30, 40, 50]
    assert len(memory.found) == 2, "the last portion may still grow"
    assert build_results(make_round(people, memory, read)).card.rows == first.card.rows
    assert read[6:] == [40, 50]
    people[25] = make_response(25, "ngo", {"a1": 5})
    changed = build_results(make_round(people, memory, read))
    assert read[8:] == [20, 30, 40, 50]
    assert changed.card.rows == build_results(make_study(DEFINITION, people, closed=False)).card.rows


def test_of_a_closed_round_people_are_read_one_by_one_and_nothing_is_remembered(read):
    people, memory = make_people(45), Notebook()
    gather(make_round(people, memory, read))
    results = build_results(make_round(people, memory, read, closed=True))
    assert memory.recalled == 0
    assert results.items == build_results(make_study(DEFINITION, people)).items


def test_a_tally_is_read_back_as_it_was_and_anything_else_is_none():
    tally = gather(make_study(DEFINITION, make_people(80), closed=False)).tally
    assert load_tally(dump_tally(tally)) == Tally(
        {subject: {group: dict(kinds) for group, kinds in table.items()} for subject, table in tally.tables.items()}
    )
    for broken in (b"", b"[[1]]", b'[[["scored", 0], [["ngo", [[[5], 1]]]]]]', b"\xff"):
        assert load_tally(broken) is None


def test_what_was_remembered_badly_is_counted_again(read):
    people = make_people(40)
    memory = Notebook()
    first = build_results(make_round(people, memory, read))
    memory.found = dict.fromkeys(memory.found, b"nonsense")
    assert build_results(make_round(people, memory, read)).card.rows == first.card.rows
    assert read == [0, 10, 20, 30] * 2
