"""The client's address, behind as many proxies as the deployment says."""

import pytest
from django.test import RequestFactory

from anlan.accounts.addresses import address_of

SEEN = "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.1", SEEN),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "10.0.0.1", SEEN),
        (1, "", SEEN),
        (1, "not an address", SEEN),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_the_one_that_the_last_trusted_proxy_saw(settings, proxies, forwarded, expected):
    settings.PROXIES = proxies

    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=SEEN)

    assert address_of(request) == expected


def test_a_server_that_tells_no_address_gives_none(settings):
    settings.PROXIES = 0

    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) is None
