from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from anlan.accounts.queries import posts_within
from anlan.places.queries import units_within

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)
ROWS = [
    "code,name,population",
    "999901000000,青岚县,100",
    "999901101000,柳溪镇,60",
    "999901101201,柳溪村,60",
]


@pytest.fixture
def divisions(tmp_path):
    path = tmp_path / "divisions.csv"
    path.write_text("\n".join(ROWS), "utf-8")
    return path


def init(*options: object) -> str:
    out = StringIO()
    with override("en"):
        call_command("init", *map(str, options), "--since", "2026-01-01", stdout=out, stderr=out)
    return out.getvalue()


def test_a_county_is_made_with_its_administrator_and_indicators(divisions):
    said = init("--county", "999901", "--divisions", divisions)

    assert "青岚县 999901000000" in said
    assert "Divisions (the file is UTF-8): 3 new, 0 changed, 0 as they were" in said
    assert "Administrator: admin" in said
    assert "First password, shown this once" in said
    assert posts_within("999901000000", "county_admin", date.max) == 1
    assert [unit.name for unit in units_within("999901", SINCE)] == ["青岚县", "柳溪镇", "柳溪村"]


def test_a_second_run_says_what_stands(divisions):
    init("--county", "999901", "--divisions", divisions)

    said = init("--county", "999901", "--divisions", divisions)

    assert "0 new, 0 changed, 3 as they were" in said
    assert "has an administrator already" in said
    assert "password" not in said


def test_the_county_itself_may_be_left_out_of_the_file(divisions):
    divisions.write_text("\n".join([ROWS[0], *ROWS[2:]]), "utf-8")

    said = init("--county", "999901000000", "--name", "青岚县", "--divisions", divisions)

    assert "青岚县 999901000000" in said
    assert len(units_within("999901", SINCE)) == 3


def test_boundaries_come_with_it(divisions, tmp_path):
    square = "[[[109,28],[110,28],[110,29],[109,29],[109,28]]]"
    outline = tmp_path / "outline.geojson"
    outline.write_text(
        '{"type":"Feature","properties":{"adcode":999901},"geometry":{"type":"Polygon","coordinates":' + square + "}}"
    )

    said = init("--county", "999901", "--divisions", divisions, "--boundaries", outline)

    assert "Boundaries: 0 new, 1 changed, 0 as they were" in said


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3.2058E+11,张家港市,1", "Row 5, code, 3.2058E+11: "),
        ("99990110120,短村,1", "Row 5, code, 99990110120: "),
        ("999901103201,孤村,1", "Row 5, code, 999901103201: the division above"),
        ("999901101202,竹坞村,-1", "Row 5, population, -1: must not be negative"),
        ("999902101000,外镇,1", "Row 5, code, 999902101000: "),
    ],
)
def test_bad_rows_are_listed_and_nothing_is_written(divisions, row, reason):
    divisions.write_text("\n".join([*ROWS, row]), "utf-8")
    out = StringIO()

    with override("en"), pytest.raises(CommandError, match="nothing was loaded") as refused:
        call_command("init", "--county", "999901", "--divisions", str(divisions), stderr=out)

    assert refused.value.returncode == 2
    assert reason in out.getvalue()
    assert not units_within("999901", SINCE)
    assert posts_within("999901000000", "county_admin", date.max) is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "--county is missing"),
        (("--county", "999901"), "--divisions is missing"),
        (("--county", "999901101"), "no county's code"),
        (("--county", "99990"), "has 5 digits"),
        (("--county", "999901", "--divisions", "nowhere.csv"), "cannot be read: No such file"),
    ],
)
def test_what_is_missing_is_said(options, reason):
    with pytest.raises(CommandError, match=reason) as refused:
        init(*options)

    assert refused.value.returncode == 2


def test_two_names_for_one_county_are_refused(divisions):
    with pytest.raises(CommandError, match="The county is called 青岚县, not 柳溪县"):
        init("--county", "999901", "--name", "柳溪县", "--divisions", divisions)


def test_a_county_without_a_name_is_refused(divisions):
    divisions.write_text("\n".join([ROWS[0], *ROWS[2:]]), "utf-8")

    with pytest.raises(CommandError, match="Neither --name nor the file"):
        init("--county", "999901", "--divisions", divisions)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "code", "name", "townships", "villages"),
    [
        ("320582_zhangjiagang.csv", "320582", "张家港市", 15, 273),
        ("623023_zhouqu_gansu.csv", "623023", "舟曲县", 19, 212),
    ],
)
def test_a_real_county_is_made_whole(shared, file, code, name, townships, villages):
    said = init("--county", code, "--divisions", shared / "divisions" / file)

    levels = [unit.level for unit in units_within(code, SINCE)]
    assert name in said
    assert (levels.count("township"), levels.count("village")) == (townships, villages)


@pytest.mark.shared
def test_a_real_outline_is_taken_as_it_is_or_brought_back(shared):
    folder = shared / "divisions"
    files = ("--divisions", folder / "320582_zhangjiagang.csv", "--boundaries", folder / "county_outline_320582.json")

    as_it_is = init("--county", "320582", *files)
    brought_back = init("--county", "320582", *files, "--gcj02")

    assert "Boundaries: 0 new, 1 changed" in as_it_is
    assert "Boundaries: 0 new, 1 changed" in brought_back
