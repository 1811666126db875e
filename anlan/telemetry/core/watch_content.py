"""A watch as JSON content and back, so that it can be kept beside the readings that it has seen."""

from collections.abc import Mapping
from typing import Any

from msgspec import to_builtins

from anlan.telemetry.core.folding import QUIET
from anlan.telemetry.core.rules import Colour
from anlan.telemetry.core.watch import Change, Event, Hold, News, Run, Settled, Track, Watch

Content = dict[str, Any]


def watch_content(watch: Watch) -> Content:
    """Return the watch as JSON content."""
    return {
        "tracks": {key: to_builtins(track) for key, track in watch.tracks.items()},
        "settled": {
            "at": watch.settled.at,
            "opening": to_builtins(watch.settled.opening),
            "on": sorted([sensor, int(colour)] for sensor, colour in watch.settled.on),
        },
        "now": watch.now,
        "remembers_s": watch.remembers_s,
    }


def watch_from_content(content: Mapping[str, Any]) -> Watch:
    """Return the watch that the content describes."""
    settled = content["settled"]
    return Watch(
        {key: _track(each) for key, each in content["tracks"].items()},
        Settled(
            settled["at"],
            frozenset((sensor, Colour(colour)) for sensor, colour in settled["on"]),
            settled["opening"] and _event(settled["opening"]),
        ),
        content["now"],
        content["remembers_s"],
    )


def _track(content: Mapping[str, Any]) -> Track:
    return Track(
        _run(content["run"]),
        tuple(_run(each) for each in content["marks"]),
        tuple(Change(**{**each, "colour": Colour(each["colour"])}) for each in content["changes"]),
    )


def _run(content: Mapping[str, Any]) -> Run:
    holds = tuple(Hold(**{**each, "hits": tuple(each["hits"])}) for each in content["holds"])
    return Run(content["last"], content["seen"], QUIET if holds == QUIET else holds)


def _event(content: Mapping[str, Any]) -> Event:
    return Event(**{**content, "news": News(content["news"]), "colour": Colour(content["colour"])})
