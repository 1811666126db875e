"""Small allocation problems for the tests: by hand, and drawn by hypothesis with every kind of rule."""

from dataclasses import replace

from hypothesis import strategies as st

from anlan.allocation.core.problem import Aim, Effect, Floor, Option, Problem, Source, Unit

TOWNSHIPS = ("999901101000", "999901102000")
DIMENSIONS = ("org", "materials")


def unit(place: int, *, priority: float = 1.0, score: float = 0.5, population: int = 100) -> Unit:
    """Return a village, the even ones of the first township."""
    township = TOWNSHIPS[place % 2]
    return Unit(
        code=f"{township[:9]}{201 + place}",
        name=f"Village {place}",
        township_code=township,
        level="village",
        population=population,
        score=score,
        is_weak=score < 0.5,
        priority=priority,
        unit_class="plain",
    )


def option(unit: int, price_yuan: int, *effects: tuple[int, float], most: int = 1, **changes: object) -> Option:
    """Return an option that raises (aim, step) and that every source of one may pay for."""
    plain = Option(
        unit=unit,
        measure=f"M{price_yuan}",
        dimension="org",
        price_fen=price_yuan * 100,
        running_fen=0,
        least=1,
        most=most,
        effects=tuple(Effect(aim, step) for aim, step in effects),
        sources=(0,),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def one_pot(budget_yuan: int, aims: tuple[Aim, ...], *options: Option, **changes: object) -> Problem:
    """Return the problem of one source and one year."""
    units = tuple(unit(place) for place in range(1 + max(aim.unit for aim in aims)))
    plain = Problem(units, aims, options, (Source("fund", "Fund", (budget_yuan * 100,)),), (1.0,))
    return replace(plain, **changes)  # type: ignore[arg-type]


steps = st.sampled_from((0.2, 0.35, 0.5, 0.8, 1.0))
rooms = st.sampled_from((0.3, 0.5, 0.7, 1.0))


@st.composite
def problems(draw: st.DrawFn, *, options: int = 4, with_floors: bool = True) -> Problem:
    """Draw a problem small enough to try every plan: 2 units, 3 aims, 2 sources, at most 2 years."""
    years = draw(st.integers(1, 2))
    units = tuple(unit(place, priority=draw(st.sampled_from((0.7, 1.0, 1.5)))) for place in range(2))
    aims = tuple(
        Aim(place % 2, f"L{place}", DIMENSIONS[place % 2], draw(st.sampled_from((0.1, 0.25, 0.4))), draw(rooms))
        for place in range(3)
    )
    drawn = tuple(draw(_options(place, years)) for place in range(draw(st.integers(1, options))))
    budgets = st.tuples(*(st.integers(0, 6).map(lambda thousand: thousand * 50_000) for _ in range(years)))
    problem = Problem(
        units,
        aims,
        draw(_tied(drawn)),
        tuple(Source(key, key.title(), draw(budgets)) for key in ("county", "gift")),
        (1.0, 0.8)[:years],
    )
    problem = draw(_ruled(problem))
    return replace(problem, floors=draw(floors(problem))) if with_floors else problem


@st.composite
def _options(draw: st.DrawFn, place: int, years: int) -> Option:
    aims = draw(st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True))
    least = draw(st.sampled_from((1, 1, 2)))
    return Option(
        unit=place % 2,
        measure=f"M{place}",
        dimension=draw(st.sampled_from(DIMENSIONS)),
        price_fen=draw(st.integers(2, 24)) * 10_000 + draw(st.integers(0, 99)),
        running_fen=draw(st.sampled_from((0, 0, 7_777))) if years > 1 else 0,
        least=least,
        most=least + draw(st.integers(0, 1)),
        effects=tuple(Effect(aim, draw(steps)) for aim in aims),
        sources=draw(st.sampled_from(((0,), (1,), (0, 1)))),
        lead_years=draw(st.sampled_from((0, 0, 1))) if years > 1 else 0,
        life_years=draw(st.sampled_from((1, 100))),
        multiplier=draw(st.sampled_from((0.8, 1.0, 1.3))),
        serves_most=draw(st.sampled_from((None, None, 1))),
    )


@st.composite
def _tied(draw: st.DrawFn, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Draw options of which the last may need one of the others."""
    if len(options) < 2 or not draw(st.booleans()):
        return options
    group = draw(st.lists(st.integers(0, len(options) - 2), min_size=1, max_size=2, unique=True))
    return (*options[:-1], replace(options[-1], requires=(tuple(group),)))


@st.composite
def _ruled(draw: st.DrawFn, problem: Problem) -> Problem:
    """Draw exclusions, pinned and barred lines, and what is required."""
    places = range(len(problem.options))
    rule = draw(st.sampled_from(("none", "none", "exclusion", "pinned", "barred", "required")))
    place = draw(st.sampled_from(places))
    if rule == "exclusion" and len(places) > 1:
        return replace(problem, exclusions=((0, 1),))
    if rule == "pinned":
        return replace(problem, pinned=((place, draw(st.integers(0, 1)) * problem.options[place].least),))
    if rule == "barred":
        return replace(problem, barred=(place,))
    if rule == "required":
        options = list(problem.options)
        options[place] = replace(options[place], is_required=True)
        return replace(problem, options=tuple(options))
    return problem


@st.composite
def floors(draw: st.DrawFn, problem: Problem) -> tuple[Floor, ...]:
    """Draw up to two floors of any kind."""
    kinds = draw(st.lists(st.sampled_from(("gain", "share", "head", "dimension")), max_size=2, unique=True))
    return tuple(_floor(kind, problem, draw(st.sampled_from((0.05, 0.1, 0.2))), draw(st.booleans())) for kind in kinds)


def _floor(kind: str, problem: Problem, size: float, is_cap: bool) -> Floor:
    first = tuple(o for o, each in enumerate(problem.options) if each.unit == 0)
    organised = tuple(o for o, each in enumerate(problem.options) if each.dimension == "org")
    bounds = (None, 1.0 - size) if is_cap else (size, None)
    if kind == "gain":
        return Floor("gain", "unit_gain", "Village 0", (0,), least=size / 2)
    if kind == "head":
        return Floor("head", "township_per_head", "First township", first, least=size * 1_000_000)
    if kind == "share":
        return Floor("share", "township_share", "First township", first, *bounds)
    return Floor("dimension", "dimension_share", "Organisation", organised, *bounds)
