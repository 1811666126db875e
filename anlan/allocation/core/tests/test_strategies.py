import pytest

from anlan.allocation.core.classes import default_table
from anlan.allocation.core.measures import default_catalogue
from anlan.allocation.core.strategies import (
    BadStrategy,
    Stance,
    check_strategy,
    default_strategy,
    strategy_content,
    strategy_from_content,
    without_measures,
)

CLASSES = [each.key for each in default_table().classes]


def checked(**cells):
    strategy = strategy_from_content(
        {"classes": {"flood": {name.replace("_", "-"): cell for name, cell in cells.items()}}}
    )
    check_strategy(strategy, CLASSES, default_catalogue())
    return strategy


def test_the_default_strategy_names_classes_and_measures_that_there_are():
    check_strategy(default_strategy(), CLASSES, default_catalogue())


def test_high_risk_puts_shelters_first():
    cell = default_strategy().of("high_risk", "M-MAT-V-06")

    assert (cell.stance, cell.multiplier) == (Stance.PREFERRED, 2.0)


def test_what_is_not_named_is_neutral():
    assert default_strategy().of("general", "M-MAT-V-06").stance is Stance.NEUTRAL


def test_content_is_read_as_it_was_written():
    assert strategy_from_content(strategy_content(default_strategy())) == default_strategy()


def test_requiring_what_it_bars_the_prerequisite_of_is_refused():
    with pytest.raises(BadStrategy, match="requires M-CAP-T-02 but bars M-CAP-T-01"):
        checked(M_CAP_T_02="required", M_CAP_T_01="barred")


def test_barring_one_of_two_ways_to_a_prerequisite_is_fine():
    assert checked(M_DIG_T_11="required", M_CAP_T_01="barred")


def test_requiring_two_that_exclude_each_other_is_refused():
    with pytest.raises(BadStrategy, match="requires both M-MAT-T-11 and M-MAT-T-01"):
        checked(M_MAT_T_11="required", M_MAT_T_01="required")


def test_an_unknown_measure_is_refused():
    with pytest.raises(BadStrategy, match="M-NONE, which there is not"):
        checked(M_NONE="preferred")


def test_an_unknown_class_is_refused():
    with pytest.raises(BadStrategy, match="class moon, which there is not"):
        check_strategy(
            strategy_from_content({"classes": {"moon": {"M-CAP-T-01": "barred"}}}), CLASSES, default_catalogue()
        )


@pytest.mark.parametrize("multiplier", [0, -1, 11])
def test_a_multiplier_outside_its_range_is_refused(multiplier):
    with pytest.raises(BadStrategy, match="expected more than 0 and at most 10"):
        checked(M_CAP_T_01={"stance": "preferred", "multiplier": multiplier})


def test_what_is_no_strategy_is_refused():
    with pytest.raises(BadStrategy, match="no strategy table"):
        strategy_from_content({"classes": {"flood": {"M-CAP-T-01": "loved"}}})


def test_measures_that_went_are_taken_out():
    left = without_measures(strategy_content(default_strategy()), ["M-MAT-V-06"])

    assert left["classes"]["high_risk"] == {"M-MAT-V-06": {"stance": "preferred", "multiplier": 2.0}}
