"""The confirmations of many reports at once: the same bytes as `replies.confirmation` writes, several times faster."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from anlan.telemetry.core.sl651.checksum import crc16_rows
from anlan.telemetry.core.sl651.clock import time_digits
from anlan.telemetry.core.sl651.codes import HEX_START, Control

LENGTH_AND_START = b"\x80\x08\x02"  # downward, 8 bytes, STX


def confirmations(reports: Sequence[bytes], *, at: datetime, stay: Sequence[bool]) -> list[bytes]:
    """Return the answer to each report, single frames of bytes that `batch` read.

    Args:
        reports: as they came.
        at: the centre's time.
        stay: whether each station shall stay on line (ESC) or may leave (EOT); after ETB more follows (ACK).
    """
    if not reports:
        return []
    time = bytes.fromhex(time_digits(at, 12))
    heads = [
        HEX_START + one[3:8] + one[2:3] + one[8:11] + LENGTH_AND_START + one[14:16] + time + _ending(one, stays)
        for one, stays in zip(reports, stay, strict=True)
    ]
    rows = np.frombuffer(b"".join(heads), dtype=np.uint8).reshape(len(heads), -1)
    checks = crc16_rows(rows).astype(">u2").tobytes()
    return [head + checks[2 * place : 2 * place + 2] for place, head in enumerate(heads)]


_STAY, _LEAVE, _GO_ON = (bytes([control]) for control in (Control.ESC, Control.EOT, Control.ACK))


def _ending(report: bytes, stays: bool) -> bytes:
    return _GO_ON if report[-3] == Control.ETB else _STAY if stays else _LEAVE
