"""Sites of the small county."""

from dataclasses import replace
from typing import Any

from anlan.accounts.tests.factories import NOON, TOWNSHIP, VILLAGE
from anlan.stores import actions
from anlan.stores.core.values import SiteRow
from anlan.stores.models import Site

STORE = SiteRow("柳溪镇储备点", "reserve_point", TOWNSHIP, 109.05, 28.1, capacity=120)
SHELTER = SiteRow(
    "柳溪村小学", "emergency", VILLAGE, 109.04, 28.05,
    effective_area_m2=1000.0, keeper_name="陈永福", keeper_phone="13800001234",
)  # fmt: skip


def site(row: SiteRow = STORE, actor: Any = None, **changes: Any) -> Site:
    return actions.add_site(actor=actor, site=replace(row, **changes), at=NOON)
