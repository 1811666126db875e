"""Each speed claim as a command: `make bench`, or `make bench ONLY=assess.country` for one.

A module named like `assess_country` is the bench `assess.country`; its `measures()` yields what is measured
(`bench.frame.Measure`). A module that only prepares data is listed in `bench.__main__.NO_BENCHES`.
"""

import sys
from pathlib import Path

# Brokers and browsers are started as everywhere else.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
