"""What every test runs under: no network beyond this machine, and the folder of real data if there is one."""

import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent
NEIGHBOUR = ROOT.parent / "shared" / "data"
WATCHED = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}  # event → where the address stands


class NetworkUsed(RuntimeError):
    """A test reached for a host other than this one."""


def is_local(address: Any) -> bool:
    """Tell whether the address stays on this machine: a unix socket, or loopback."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if host in {"", "localhost", None}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def watch_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection that leaves the machine (an audit hook, so that no library slips by)."""
    if event not in WATCHED:
        return
    target = arguments[WATCHED[event]]
    if event == "socket.getaddrinfo":
        target = (target.decode() if isinstance(target, bytes) else target, 0)
    if not is_local(target):
        raise NetworkUsed(f"a test reached for {target}; only this machine is allowed")


sys.addaudithook(watch_network)
# The same examples each time: what fails, fails for everybody. `--hypothesis-profile=search` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("search", derandomize=False, max_examples=2000)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shared", metavar="DIR", help="folder of real data for the tests marked shared")


def shared_folder(config: pytest.Config) -> Path:
    """Return the folder of real data: as told, or the neighbour of the checkout."""
    told = config.getoption("--shared")
    folder = Path(told) if told else NEIGHBOUR
    return folder / "data" if (folder / "data").is_dir() else folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # A browser leaves its event loop running in this thread, where no other can be started from then on.
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()) or "journeys" in item.path.parts)
    folder = shared_folder(config)
    if folder.is_dir():
        return
    absent = pytest.mark.skip(reason=f"no folder of real data at {folder}; name it with --shared DIR")
    for item in items:
        if item.get_closest_marker("shared") or "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Path:
    """Return the folder of real data; a test that asks for it skips where there is none."""
    return shared_folder(pytestconfig)
