"""A made-up county's budget problem with every kind of constraint, from a seed."""

from dataclasses import dataclass

import numpy as np

from anlan.allocation.core.problem import Aim, Effect, Floor, Option, Problem, Source, Unit

COUNTY = "530198"
DIMENSIONS = ("org", "staff", "material", "response", "education")
MEASURES = 60
LEAVES = 40
YEARS = 3
TERMS = ("county", "flood", "rural", "gift")
FEN_OF_YUAN = 100
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Kind:
    """A measure of the made-up catalogue."""

    key: str
    dimension: int
    leaf: int
    price_yuan: int
    running_yuan: int
    step: float
    least: int
    most: int
    lead_years: int
    life_years: int
    at: str  # "any", "township", "shared" (a township's, for all its villages) or "limited" (for some of them)


def county_problem(villages: int, *, budget_yuan: int, townships: int = 12, seed: int = 7) -> Problem:
    """Return a county of so many villages with a yearly budget in all, three years, four sources."""
    rng = np.random.default_rng(seed)
    kinds = [_kind(number, rng) for number in range(MEASURES)]
    units = _units(villages, townships, rng)
    aims, place_of = _aims(units, rng)
    options = _options(kinds, units, place_of, rng)
    return Problem(
        units=units,
        aims=aims,
        options=_with_prerequisites(options),
        sources=_sources(budget_yuan),
        year_weights=(1.0, 0.9, 0.8),
        floors=tuple(_floors(units, aims, options, budget_yuan)),
        exclusions=_exclusions(options),
        pinned=((5, options[5].least),),
        barred=(9, 40),
    )


def _kind(number: int, rng: Rng) -> Kind:
    at = {0: "shared", 1: "limited", 2: "township"}.get(number % 10, "any")
    dear = {"shared": 12, "limited": 5, "township": 4}.get(at, 1)
    least = 2 if number % 7 == 3 else 1
    return Kind(
        key=f"M{number:02}",
        dimension=number % len(DIMENSIONS),
        leaf=number % LEAVES,
        price_yuan=int(rng.integers(3, 400)) * 100 * dear,
        running_yuan=int(rng.integers(0, 20)) * 10 * dear,
        step=float(round(rng.uniform(0.1, 0.9), 3)),
        least=least,
        most=least + int(rng.integers(0, 4)),
        lead_years=int(number % 9 == 4),
        life_years=2 if number % 8 == 5 else 10,
        at=at,
    )


def _units(villages: int, townships: int, rng: Rng) -> tuple[Unit, ...]:
    units = []
    for place in range(townships + villages):
        is_township = place < townships
        township = f"{COUNTY}{100 + (place if is_township else place % townships)}"
        score = float(rng.uniform(0.3, 0.9))
        units.append(
            Unit(
                code=f"{township}000" if is_township else f"{township}{200 + place // townships}",
                name=f"Unit {place}",
                township_code=f"{township}000",
                level="township" if is_township else "village",
                population=int(rng.integers(8_000, 40_000) if is_township else rng.integers(300, 5_000)),
                score=score,
                is_weak=score < 0.45,
                priority=round(1.6 - score, 3),
                unit_class="plain",
            )
        )
    return tuple(units)


def _aims(units: tuple[Unit, ...], rng: Rng) -> tuple[tuple[Aim, ...], dict[tuple[int, int], int]]:
    weights = rng.dirichlet(np.full(LEAVES, 3.0))
    aims: list[Aim] = []
    place_of: dict[tuple[int, int], int] = {}
    for unit, facts in enumerate(units):
        for leaf in range(LEAVES):
            if rng.random() < facts.score - 0.15:
                continue
            place_of[unit, leaf] = len(aims)
            aims.append(
                Aim(
                    unit=unit,
                    leaf=f"L{leaf:02}",
                    dimension=DIMENSIONS[leaf % len(DIMENSIONS)],
                    weight=round(float(weights[leaf]), 6),
                    room=round(float(rng.uniform(0.05, 1.0)), 4),
                )
            )
    return tuple(aims), place_of


def _options(
    kinds: list[Kind], units: tuple[Unit, ...], place_of: dict[tuple[int, int], int], rng: Rng
) -> tuple[Option, ...]:
    villages_of: dict[str, list[int]] = {}
    for place, unit in enumerate(units):
        if unit.level == "village":
            villages_of.setdefault(unit.township_code, []).append(place)
    options = []
    for place, unit in enumerate(units):
        for kind in kinds:
            if kind.at != "any" and unit.level != "township":
                continue
            served = [place, *villages_of.get(unit.code, [])] if kind.at in {"shared", "limited"} else [place]
            effects = tuple(Effect(place_of[u, kind.leaf], kind.step) for u in served if (u, kind.leaf) in place_of)
            if effects:
                options.append(_option(kind, place, effects, rng))
    return tuple(options)


def _option(kind: Kind, unit: int, effects: tuple[Effect, ...], rng: Rng) -> Option:
    earmarked = {1: kind.dimension in {2, 3}, 2: kind.dimension in {0, 1, 4}, 3: kind.price_yuan < 10_000}
    return Option(
        unit=unit,
        measure=kind.key,
        dimension=DIMENSIONS[kind.dimension],
        price_fen=kind.price_yuan * FEN_OF_YUAN,
        running_fen=kind.running_yuan * FEN_OF_YUAN,
        least=kind.least,
        most=1 if kind.at == "shared" else kind.most,
        effects=effects,
        sources=(0, *(source for source, fits in earmarked.items() if fits)),
        lead_years=kind.lead_years,
        life_years=kind.life_years,
        multiplier=(0.8, 1.0, 1.0, 1.3)[int(rng.integers(4))],
        serves_most=5 if kind.at == "limited" else None,
        is_required=kind.key == "M06" and rng.random() < 0.05,
    )


def _with_prerequisites(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Return the options where measure 13 needs 3 or 4, and 26 needs 16, at the same unit."""
    from dataclasses import replace

    at = {(option.unit, option.measure): place for place, option in enumerate(options)}
    changed = list(options)
    for place, option in enumerate(options):
        wanted = {"M13": (("M03", "M04"),), "M26": (("M16",),)}.get(option.measure, ())
        groups = tuple(tuple(at[option.unit, key] for key in keys if (option.unit, key) in at) for keys in wanted)
        if wanted and all(groups):
            changed[place] = replace(option, requires=groups)
    return tuple(changed)


def _exclusions(options: tuple[Option, ...]) -> tuple[tuple[int, ...], ...]:
    at = {(option.unit, option.measure): place for place, option in enumerate(options)}
    return tuple(
        (place, at[unit, other])
        for (unit, key), place in at.items()
        for other in {"M07": ("M47",), "M18": ("M58",)}.get(key, ())
        if (unit, other) in at
    )


def _sources(budget_yuan: int) -> tuple[Source, ...]:
    shares = {"county": 0.5, "flood": 0.2, "rural": 0.2, "gift": 0.1}
    return tuple(
        Source(key, key.title(), tuple(round(budget_yuan * share) * FEN_OF_YUAN for _ in range(YEARS)))
        for key, share in shares.items()
    )


def _floors(
    units: tuple[Unit, ...], aims: tuple[Aim, ...], options: tuple[Option, ...], budget_yuan: int
) -> list[Floor]:
    reach = np.zeros(len(units))
    for aim in {effect.aim for option in options for effect in option.effects}:
        reach[aims[aim].unit] += aims[aim].weight * aims[aim].room
    floors = [
        Floor(f"gain-{u}", "unit_gain", f"Weak unit {u}", (u,), least=round(min(0.04, 0.2 * float(reach[u])), 6))
        for u, unit in enumerate(units)
        if unit.is_weak
    ]
    total = sum(unit.population for unit in units if unit.level == "village")
    for code in sorted({unit.township_code for unit in units}):
        members = tuple(o for o, option in enumerate(options) if units[option.unit].township_code == code)
        people = sum(u.population for u in units if u.township_code == code and u.level == "village")
        fen = round(0.3 * people / total * budget_yuan * YEARS * FEN_OF_YUAN)
        floors.append(Floor(f"share-{code}", "township_share", f"Share of {code}", members, 0.03, 0.2))
        floors.append(Floor(f"head-{code}", "township_per_head", f"Per head in {code}", members, float(fen)))
    for dimension in DIMENSIONS:
        members = tuple(o for o, option in enumerate(options) if option.dimension == dimension)
        floors.append(Floor(f"dim-{dimension}", "dimension_share", f"Share of {dimension}", members, 0.08, 0.4))
    return floors
