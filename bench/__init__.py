"""Each speed claim as a command: `make bench`, or `make bench ONLY=assess.country` for one.

A module named like `assess_country` is the bench `assess.country`; its `measures()` yields what is measured
(`bench.frame.Measure`). A module that only prepares data is listed in `bench.__main__.NO_BENCHES`.
"""
