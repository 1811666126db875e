"""An object with a panel, as another context would register it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.http import Http404

from anlan.accounts.queries import scope_of
from anlan.accounts.tests.factories import TOWNSHIP
from anlan.records.core.panels import PANELS, Panel
from anlan.records.tests.factories import BRIDGE


@pytest.fixture(autouse=True)
def bridges() -> Iterator[None]:
    """Open bridges to whoever sees places there; only an analyst or officer of the survey may write."""

    def open_bridge(person, pk):
        if pk != BRIDGE.pk or not scope_of(person, "places.read").covers(TOWNSHIP):
            raise Http404
        return replace(BRIDGE, may_write=person.can("survey.fill", TOWNSHIP))

    panel = Panel(BRIDGE.kind, open_bridge)
    PANELS.register(panel)
    yield
    PANELS._entries.remove(panel)
