import pytest

from anlan.kernel.codes import BadCode, Level, ancestor_at, check_code, is_within, level_of, parent_of, prefix_of


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("320582", "320582000000"),
        ("320582100", "320582100000"),
        (" 320582100001 ", "320582100001"),
        ("32", "320000000000"),
    ],
)
def test_a_code_may_be_written_short(written, code):
    assert check_code(written) == code


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("32058210000", "has 11 digits"),
        ("3.2058E+11", "turned into a number"),
        ("32058210000A", "only digits"),
        ("３２０５８２", "only digits"),
        ("", "only digits"),
    ],
)
def test_a_broken_code_is_refused_with_the_reason(written, why):
    with pytest.raises(BadCode, match=why):
        check_code(written)


def test_levels_prefixes_and_parents_follow_the_segments():
    village = "999901101201"

    assert level_of(village) is Level.VILLAGE
    assert parent_of(village) == "999901101000"
    assert parent_of("999901101000") == "999901000000"
    assert prefix_of("999901101000") == "999901101"
    assert ancestor_at(village, Level.COUNTY) == "999901000000"
    assert parent_of("990000000000") is None
    assert is_within(village, "999901101")
    assert not is_within("999901102201", "999901101")
