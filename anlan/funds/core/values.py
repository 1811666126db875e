"""Sources of money and their earmarks: what a pot may buy, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark


class GivenBy(StrEnum):
    """Who gives the money, from above."""

    CENTRAL = "central"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SOCIETY = "society"


class Dimension(StrEnum):
    """The five dimensions of the programme."""

    ORG = "org"
    CAPABILITY = "capability"
    MATERIALS = "materials"
    PROCESS = "process"
    DIGITAL = "digital"


GIVER_NAMES: Mapping[GivenBy, str] = {
    GivenBy.CENTRAL: mark("Central government"),
    GivenBy.PROVINCE: mark("Provincial government"),
    GivenBy.CITY: mark("City government"),
    GivenBy.COUNTY: mark("County government"),
    GivenBy.SOCIETY: mark("Society"),
}
DIMENSION_NAMES: Mapping[Dimension, str] = {
    Dimension.ORG: mark("Organisation"),
    Dimension.CAPABILITY: mark("Capability"),
    Dimension.MATERIALS: mark("Materials and equipment"),
    Dimension.PROCESS: mark("Rules and process"),
    Dimension.DIGITAL: mark("Digital"),
}
UNIT_LEVELS: Mapping[Level, str] = {
    Level.COUNTY: mark("County"),
    Level.TOWNSHIP: mark("Township"),
    Level.VILLAGE: mark("Village"),
}


@dataclass(frozen=True, slots=True)
class EarmarkFacts:
    """One purpose that money is bound to; an empty field binds nothing."""

    dimensions: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()  # codes of the catalogue
    areas: tuple[str, ...] = ()  # prefixes of division codes
    unit_levels: frozenset[str] = frozenset()

    def allows(self, *, dimension: str, measure: str, unit_code: str, unit_level: str) -> bool:
        """Tell whether the purpose covers one measure at one unit."""
        return (
            (not self.dimensions or dimension in self.dimensions)
            and (not self.measures or measure in self.measures)
            and (not self.areas or unit_code.startswith(self.areas))
            and (not self.unit_levels or unit_level in self.unit_levels)
        )


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One pot of money of one year. `received_on` None: promised, not there yet."""

    pk: int
    name: str
    given_by: str
    document_number: str
    year: int
    account_code: str
    amount_fen: int
    received_on: date | None
    county_code: str
    earmarks: tuple[EarmarkFacts, ...] = ()

    @property
    def key(self) -> str:
        """Return what names the source in a frozen plan."""
        return f"source-{self.pk}"

    @property
    def is_free(self) -> bool:
        """Tell whether it may buy anything."""
        return not self.earmarks

    def allows(self, *, dimension: str, measure: str, unit_code: str, unit_level: str) -> bool:
        """Tell whether the source may pay for one measure at one unit: it is free, or one of its purposes covers it."""
        return self.is_free or any(
            earmark.allows(dimension=dimension, measure=measure, unit_code=unit_code, unit_level=unit_level)
            for earmark in self.earmarks
        )


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source as a person or a file gives it."""

    county_code: str
    name: str
    given_by: str
    year: int
    amount_fen: int
    document_number: str = ""
    account_code: str = ""
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewEarmark:
    """A purpose as a person gives it."""

    dimensions: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()  # division codes or their prefixes
    unit_levels: tuple[str, ...] = ()
    note: str = ""
