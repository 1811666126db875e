"""The upper hulls of what whole pieces gain: what a relaxation may see of them.

Source: docs/methods/allocation.md, section 2.
"""

from functools import cache

from scipy.spatial import ConvexHull


def hull(step: float, room: float) -> list[tuple[float, float]]:
    """Return the lines (slope, intercept) over the gain of whole pieces, min(step · n, room): the tightest ones.

    A relaxation that sees only step · n buys 0.4 of a pump where 0.4 is all that lacks; these make it pay for one.

    >>> hull(0.4, 1.0)
    [(0.4, 0.0), (0.2, 0.4)]
    >>> hull(1.0, 0.4)
    [(0.4, 0.0)]
    """
    full = int(room / step + 1e-9)
    rest = round(room - full * step, 12)
    lines = [(step, 0.0)] if full else []
    if rest > 0:
        lines.append((rest, round(full * (step - rest), 12)))
    return lines


@cache
def hull_of_two(
    steps: tuple[float, float], most: tuple[int, int], room: float
) -> tuple[tuple[tuple[float, float], float], ...]:
    """Return the planes (slopes, intercept) over min(room, sum of step · n) at whole n, but for what no n passes.

    >>> hull_of_two((0.6, 0.6), (1, 1), 1.0)
    (((0.4, 0.4), 0.2), ((0.6, 0.6), 0.0))
    """
    if steps[0] * most[0] + steps[1] * most[1] <= room + 1e-12:
        return ()
    points = [(n, m, min(room, steps[0] * n + steps[1] * m)) for n in range(most[0] + 1) for m in range(most[1] + 1)]
    planes = set()
    for across, along, up, offset in ConvexHull(points).equations:
        if up > 1e-9 and (abs(across) > 1e-9 or abs(along) > 1e-9):
            slopes = round(float(-across / up), 9) + 0.0, round(float(-along / up), 9) + 0.0
            planes.add((slopes, round(float(-offset / up), 9) + 0.0))
    return tuple(sorted(planes))
