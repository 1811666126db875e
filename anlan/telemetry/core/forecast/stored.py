"""A model as bytes and back: numbers and plain arrays in msgpack, nothing that runs when it is read."""

from typing import Any

import msgspec
import numpy as np

from anlan.telemetry.core.forecast.intervals import Margins
from anlan.telemetry.core.forecast.learning import Pair
from anlan.telemetry.core.forecast.linear import Linear
from anlan.telemetry.core.forecast.model import Basis, Model
from anlan.telemetry.core.forecast.staying import Staying
from anlan.telemetry.core.forecast.trees import Boosted

FORM = 1  # counted up when what is learnt changes its meaning; older bytes are learnt again
_KINDS = ("<i2", "<f4", "<f8")
_PARTS = ("staying", "linear", "trees", "margins")
_PACK, _UNPACK = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder().decode


class OtherForm(ValueError):
    """The bytes are of another form than this code reads."""


def pack(model: Model) -> bytes:
    """Return a model as bytes; the same model gives the same bytes."""
    still, pair, margins = model.staying, model.pair, model.margins
    content: dict[str, Any] = {
        "form": FORM,
        "origin_m": model.origin_m,
        "gauges": model.gauges,
        "basis": int(model.basis),
        "staying": [_plain(array) for array in (still.below, still.above, still.months_m)],
    }
    if pair is not None and margins is not None:
        content["linear"] = [_plain(array) for array in (pair.linear.slopes, pair.linear.constant)]
        content["trees"] = [_plain(array) for array in (pair.trees.figures, pair.trees.limits, pair.trees.answers)]
        content["margins"] = [_plain(array) for array in (margins.below, margins.above, margins.floor, margins.eased)]
    return _PACK(content)


def unpack(content: bytes) -> Model:
    """Return what `pack` packed.

    Raises:
        OtherForm: the bytes are none of this form.
    """
    try:
        raw = _UNPACK(content)
        if raw["form"] != FORM:
            raise OtherForm(f"form {raw['form']}, expected {FORM}")
        parts = {name: [_array(*each) for each in raw.get(name, ())] for name in _PARTS}
        pair = Pair(Linear(*parts["linear"]), Boosted(*parts["trees"])) if parts["trees"] else None
        margins = Margins(*parts["margins"]) if parts["margins"] else None
        basis, still = Basis(raw["basis"]), Staying(*parts["staying"])
        return Model(float(raw["origin_m"]), int(raw["gauges"]), basis, still, pair, margins)
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as fault:
        raise OtherForm("the bytes are no model") from fault


def _plain(array: "np.ndarray[Any, Any]") -> tuple[str, tuple[int, ...], bytes]:
    kind = array.dtype.newbyteorder("<").str
    return kind, array.shape, array.astype(kind).tobytes()


def _array(kind: str, shape: list[int], data: bytes) -> "np.ndarray[Any, Any]":
    if kind not in _KINDS:
        raise OtherForm(f"numbers of {kind}, expected {_KINDS}")
    return np.frombuffer(data, kind).reshape(shape)
