"""`python -m bench [NAME …]`: take the figures of all benches but the longest, or of the named ones."""

import importlib
import sys
from pathlib import Path

from rich.console import Console

from bench.frame import OUT, run

NO_BENCHES = {
    "__init__",
    "__main__",
    "allocation_data",
    "country_data",
    "country_peers",
    "county_data",
    "frame",
    "fresh",
    "mqtt_load",
    "national_data",
    "sensorthings_data",
    "settings_without_memory",
    "tiles_data",
}
BY_NAME_ALONE = {"memory.hour"}  # lasts longer than anybody waits


def benches() -> dict[str, str]:
    """Return the benches there are: dotted name → module."""
    stems = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NO_BENCHES)
    return {stem.replace("_", ".", 1): f"bench.{stem}" for stem in stems}


def main() -> int:
    """Run them; 1 when a goal is missed, 2 when a bench is unknown."""
    console = Console(width=170)
    known = benches()
    names = sys.argv[1:] or [name for name in known if name not in BY_NAME_ALONE]
    unknown = [name for name in names if name not in known]
    if unknown:
        console.print(f"There is no bench {unknown[0]}; there are {', '.join(known)}")
        return 2
    lines = [line for name in names for line in run(name, importlib.import_module(known[name]).measures(), console)]
    console.print(f"{sum(line.ok for line in lines)} of {len(lines)} goals met; added to {OUT}")
    return 0 if all(line.ok for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
