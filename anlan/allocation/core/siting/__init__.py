"""Where shared points shall stand: p-median, maximal covering, fewest points, and points with capacities.

Sets: demands i, sites j. d[i,j] is how far it is, w[i] how much the demand weighs.

Variables:
    y[j]    1 if a point stands at site j; 1 in any case where one stands already and is kept
    x[i,j]  share of demand i that site j serves; whole unless demands may be split

p-median (`p_median`):
    (1)  minimise  sum over i, j of  w[i] · d[i,j] · x[i,j]
    (2)  sum over j of x[i,j] = 1
    (3)  x[i,j] ≤ y[j]
    (4)  sum over j of y[j] = p

Covering (`max_cover`, `least_points`), where a[i,j] = 1 if d[i,j] ≤ the reach:
    (5)  maximise  sum over i of w[i] · z[i],  z[i] ≤ min(1, sum over j of a[i,j] · y[j]),  with (4)
    (6)  the least p for which (5) reaches a share of the weight

Capacities (`capacitated`):
    (7)  minimise  sum over j of f[j] · y[j]  +  (1),  with (2), (3)
    (8)  sum over i of w[i] · x[i,j] ≤ capacity[j] · y[j]

A demand may be left out where that has a price: d[i,j] then never counts more than it. Medians are found by exchanging
sites (9), with the bound of a Lagrangian relaxation (10); what that leaves open is halved until it is proven (11). All
searches stop by the gap or by the work done, never by the clock: the same question has the same answer.

Source: docs/methods/siting.md.
"""

from anlan.allocation.core.siting.capacity import capacitated
from anlan.allocation.core.siting.cover import least_points, max_cover
from anlan.allocation.core.siting.median import p_median
from anlan.allocation.core.siting.values import Ground, Siting, TooFewSites, Unreachable

__all__ = [
    "Ground",
    "Siting",
    "TooFewSites",
    "Unreachable",
    "capacitated",
    "least_points",
    "max_cover",
    "p_median",
]
