"""Money of the small county."""

from datetime import date
from typing import Any

from anlan.accounts.core.roles import Role
from anlan.accounts.models import User
from anlan.accounts.tests.factories import COUNTY, NOON, person
from anlan.funds import actions
from anlan.funds.core.values import NewEarmark, NewSource
from anlan.funds.models import Source

MILLION_FEN = 100_000_000
SOURCE = NewSource(
    county_code=COUNTY,
    name="中央自然灾害救灾资金",
    given_by="central",
    year=2026,
    amount_fen=3 * MILLION_FEN,
    document_number="财资环〔2026〕18号",
    account_code="2240703",
    received_on=date(2026, 4, 10),
)


def frank() -> User:
    """The county's finance officer."""
    return person("frank", Role.FINANCE_OFFICER)


def source(actor: Any = None, *earmarks: NewEarmark, **changes: Any) -> Source:
    given = {name: getattr(SOURCE, name) for name in SOURCE.__slots__} | changes
    return actions.add_source(actor=actor, source=NewSource(**given), earmarks=earmarks, at=NOON)
