"""Who gives the demo county money in three years, and for what: several times less than its needs cost."""

from dataclasses import dataclass
from datetime import date

from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.values import County, DivisionFact, Landform
from anlan.funds.core.values import GivenBy, NewEarmark, NewSource
from anlan.kernel.codes import Level
from anlan.kernel.money import FEN_PER_YUAN

_EMERGENCY, _PREVENTION = "2240109", "2240104"  # 应急管理; 灾害风险防治
_DONATED_TO = 3  # townships


@dataclass(frozen=True, slots=True)
class Given:
    """A source with its purposes."""

    source: NewSource
    earmarks: tuple[NewEarmark, ...] = ()


def make_sources(county: County) -> tuple[Given, ...]:
    """Return the money of every year: what comes later is promised, but for what the province sends ahead."""
    mountains = _codes(_mountain_townships(county))
    poorest = _codes(sorted(county.at_level(Level.TOWNSHIP), key=lambda town: town.wealth)[:_DONATED_TO])
    return (
        *_county_budget(),
        *_provincial_fund(mountains),
        *_city_grant(),
        *_donations(poorest),
    )


def _county_budget() -> list[Given]:
    amounts = {2026: (1_200_000, date(2026, 3, 12)), 2027: (1_200_000, None), 2028: (1_000_000, None)}
    return [
        _given("县级基层应急能力建设经费", GivenBy.COUNTY, year, amount, f"青财预〔{year}〕3号", _EMERGENCY, received)
        for year, (amount, received) in amounts.items()
    ]


def _provincial_fund(mountains: tuple[str, ...]) -> list[Given]:
    amounts = {
        2026: (1_500_000, date(2026, 5, 20)),
        2027: (1_200_000, date(2026, 11, 10)),
        2028: (1_000_000, None),
    }
    purposes = (
        NewEarmark(dimensions=("materials",), unit_levels=("township", "village"), note="基层物资装备和避难场所"),
        NewEarmark(dimensions=("capability", "digital"), areas=mountains, note="山区乡镇监测预警和转移避险"),
    )
    return [
        _given(
            "省级自然灾害防治专项资金", GivenBy.PROVINCE, year, amount, f"某财建〔{year}〕41号", _PREVENTION, received,
            purposes,
        )
        for year, (amount, received) in amounts.items()
    ]  # fmt: skip


def _city_grant() -> list[Given]:
    amounts = {2026: (600_000, date(2026, 6, 30)), 2027: (500_000, None), 2028: (400_000, None)}
    purpose = NewEarmark(dimensions=("org", "capability", "process"), note="队伍建设、培训演练和预案")
    return [
        _given(
            "市级基层应急能力提升补助", GivenBy.CITY, year, amount, f"某市财〔{year}〕118号", _EMERGENCY, received,
            (purpose,),
        )
        for year, (amount, received) in amounts.items()
    ]  # fmt: skip


def _donations(poorest: tuple[str, ...]) -> list[Given]:
    purpose = NewEarmark(areas=poorest, unit_levels=("village",), note="捐赠方指定用于困难乡镇的村")
    amounts = {2026: (300_000, date(2026, 7, 8)), 2027: (200_000, None)}
    return [
        _given("企业和社会组织捐赠", GivenBy.SOCIETY, year, amount, f"捐赠协议{year}-01", "", received, (purpose,))
        for year, (amount, received) in amounts.items()
    ]


def _given(  # noqa: PLR0913  a source in one line
    name: str,
    given_by: GivenBy,
    year: int,
    yuan: int,
    document: str,
    account: str,
    received_on: date | None,
    earmarks: tuple[NewEarmark, ...] = (),
) -> Given:
    fen = yuan * FEN_PER_YUAN
    return Given(NewSource(COUNTY_CODE, name, given_by.value, year, fen, document, account, received_on), earmarks)


def _mountain_townships(county: County) -> list[DivisionFact]:
    return [town for town in county.at_level(Level.TOWNSHIP) if town.landform is Landform.MOUNTAIN]


def _codes(towns: list[DivisionFact]) -> tuple[str, ...]:
    return tuple(sorted(town.code for town in towns))
