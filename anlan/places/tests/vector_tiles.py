"""Just enough of the Mapbox Vector Tile format to read the properties in a tile. Source: MVT 2.1, section 4."""

import struct
from collections.abc import Iterator
from typing import Any


def features_in(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the properties of each layer's features; `fid` is the feature's id."""
    return dict(_layer(bytes(value)) for number, value in _fields(content) if number == 3)


def _layer(content: bytes) -> tuple[str, list[dict[str, Any]]]:
    parts = list(_fields(content))
    name = next(bytes(value).decode() for number, value in parts if number == 1)
    keys = [bytes(value).decode() for number, value in parts if number == 3]
    values = [_value(bytes(value)) for number, value in parts if number == 4]
    return name, [_feature(bytes(value), keys, values) for number, value in parts if number == 2]


def _feature(content: bytes, keys: list[str], values: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, value in _fields(content):
        if number == 1:
            found["fid"] = value
        if number == 2:
            pairs = [one for one in _numbers(bytes(value))]
            found |= {keys[key]: values[at] for key, at in zip(pairs[::2], pairs[1::2], strict=True)}
    return found


def _value(content: bytes) -> Any:
    number, value = next(_fields(content))
    if number == 1:
        return bytes(value).decode()
    if number == 6:
        return value >> 1 ^ -(value & 1)
    if number == 7:
        return bool(value)
    return value


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(content):
        tag, at = _number(content, at)
        kind = tag & 7
        if kind == 0:
            value, at = _number(content, at)
        elif kind == 2:
            length, at = _number(content, at)
            value, at = content[at : at + length], at + length
        else:
            size, form = (8, "<d") if kind == 1 else (4, "<f")
            (value,), at = struct.unpack_from(form, content, at), at + size
        yield tag >> 3, value


def _numbers(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        value, at = _number(content, at)
        yield value


def _number(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
