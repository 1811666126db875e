"""How figures are taken: valid only on a quiet machine, met only against every goal."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from bench import frame
from bench.__main__ import benches
from bench.frame import Measure, run, take


def measure(**others) -> Measure:
    return Measure(**{"figure": "work, s", "ours": lambda: 0.5, "limit": "pass", "probe": lambda: 0.1, **others})


def test_a_figure_is_set_beside_its_peer_and_its_limit():
    line = take("assess.country", measure(peer="peer 1", peer_value=lambda: 2.0, at_most=1.0, times_peer=4.0))

    assert (line.ours, line.peer_value, line.ratio, line.limit_ratio) == (0.5, 2.0, 4.0, 5.0)
    assert (line.valid, line.ok) == (True, True)


@pytest.mark.parametrize(
    "goal", [{"at_most": 0.4}, {"times_limit": 4.0}, {"peer": "p", "peer_value": lambda: 1.0, "times_peer": 3.0}]
)
def test_a_missed_goal_is_told(goal):
    assert not take("b", measure(**goal)).ok


def test_on_a_busy_machine_a_figure_is_taken_again_and_at_last_marked():
    busy = iter([0.1, 0.2] * 5)
    calm = iter([0.1, 0.2, 0.1, 0.11])
    taken = []

    marked = take("b", measure(probe=lambda: next(busy), ours=lambda: taken.append(1) or 0.5))
    settled = take("b", measure(probe=lambda: next(calm)))

    assert (marked.valid, len(taken), settled.valid) == (False, 5, True)


def test_each_figure_is_one_json_line_with_the_agreed_fields(tmp_path, monkeypatch):
    monkeypatch.setattr(frame, "OUT", tmp_path / "var" / "bench.jsonl")
    console = Console(file=StringIO())

    run("b", [measure(), replace(measure(), figure="other, s")], console)

    lines = [json.loads(line) for line in frame.OUT.read_text(encoding="utf-8").splitlines()]
    assert [line["figure"] for line in lines] == ["work, s", "other, s"]
    fields = {"bench", "figure", "ours", "peer", "peer_value", "ratio", "limit", "limit_ratio", "valid", "ok"}
    assert set(lines[0]) == fields


def test_benches_have_dotted_names():
    assert benches()["assess.country"] == "bench.assess_country"
