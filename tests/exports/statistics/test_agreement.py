import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors_file import PLACES, VECTORS

from exports.statistics.agreement import INTERVAL, NOMINAL, ORDINAL, find_krippendorff, judge_agreement

_ = None
KRIPPENDORFF_C = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
    (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
)
"""Four observers, twelve units, some not coded: the data of Krippendorff 2011, section C."""


@pytest.mark.parametrize("level", [NOMINAL, ORDINAL, INTERVAL])
def test_the_published_example_comes_out(level):
    units = list(zip(*KRIPPENDORFF_C, strict=True))
    assert find_krippendorff(units, level) == pytest.approx(VECTORS["V18"]["krippendorff_C"][level], abs=PLACES)


def test_ratings_of_influence_come_out_as_worked_and_are_firm():
    worked = VECTORS["V18b"]
    units = worked["influence_ratings_by_stakeholder"]
    assert find_krippendorff(units, INTERVAL) == pytest.approx(worked["alpha_interval"], abs=PLACES)
    judged = judge_agreement(units)
    assert judged.alpha == pytest.approx(worked["alpha_ordinal"], abs=PLACES)
    assert judged.word == "firm"


rating = st.one_of(st.none(), st.integers(1, 5))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(rating, min_size=3, max_size=3), min_size=5, max_size=12),
    st.sampled_from([NOMINAL, ORDINAL, INTERVAL]),
)
def test_it_is_what_the_krippendorff_package_says(units, level):
    found = find_krippendorff(units, level)
    pairable = [unit for unit in units if sum(r is not None for r in unit) > 1]
    if len({r for unit in pairable for r in unit if r is not None}) < 2:
        assert found is None
        return
    table = np.array([[np.nan if r is None else float(r) for r in unit] for unit in units]).T
    assert found == pytest.approx(krippendorff.alpha(table, level_of_measurement=level))


def test_one_rater_or_four_stakeholders_are_too_few():
    assert judge_agreement([[4.0], [2.0], [5.0], [1.0], [3.0]]).alpha is None
    assert judge_agreement([[4.0, 4.0], [2.0, 1.0], [5.0, 5.0], [1.0, 2.0]]).word == "too few ratings"


def test_ratings_that_are_all_the_same_have_no_alpha():
    assert judge_agreement([[3.0, 3.0]] * 6).word == "all ratings are the same"


def test_disagreement_is_said_in_words():
    assert judge_agreement([[1.0, 5.0], [5.0, 1.0], [1.0, 4.0], [4.0, 2.0], [3.0, 3.0]]).word == "discuss before using"
