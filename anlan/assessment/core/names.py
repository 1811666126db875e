"""Names of the core's choices as catalogue ids, for pages and documents alike."""

from anlan.assessment.core.values import Grade, Kind, Profile, Region
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

LEVEL_NAMES = {
    Level.COUNTY: mark("county"),
    Level.TOWNSHIP: mark("township"),
    Level.VILLAGE: mark("village"),
}
GRADE_NAMES = {
    Grade.EXCELLENT: mark("Excellent"),
    Grade.GOOD: mark("Good"),
    Grade.FAIR: mark("Fair"),
    Grade.WEAK: mark("Weak"),
}
METHOD_NAMES = {
    "default": mark("weights of the indicator system"),
    "ahp": mark("AHP weights"),
    "entropy": mark("entropy weights"),
    "combined": mark("combined weights (AHP and entropy)"),
}
KIND_NAMES = {
    Kind.BOOLEAN: mark("yes or no"),
    Kind.NUMBER: mark("number"),
    Kind.RATIO: mark("ratio"),
    Kind.DATE: mark("date"),
}
REGION_NAMES = {
    Region.DEVELOPED: mark("developed"),
    Region.UNDERDEVELOPED: mark("underdeveloped"),
    Region.MOUNTAIN: mark("mountain area"),
    Region.FRINGE: mark("urban–rural fringe"),
}
PROFILE_NAMES = {
    Profile.MOUNTAIN: mark("flash flood and landslide"),
    Profile.RIVER: mark("river or lake flood"),
    Profile.FOREST_FIRE: mark("forest fire"),
    Profile.EARTHQUAKE: mark("earthquake"),
    Profile.COLD: mark("cold and plateau"),
    Profile.INDUSTRIAL: mark("industry and chemicals"),
    Profile.REMOTE: mark("remote with poor signal"),
}
DEPARTMENT_NAMES = {
    "emergency": mark("Emergency management"),
    "civil_affairs": mark("Civil affairs"),
    "finance": mark("Finance"),
    "natural_resources": mark("Natural resources"),
    "health": mark("Health"),
    "water": mark("Water"),
    "housing": mark("Housing and construction"),
    "transport": mark("Transport"),
    "education": mark("Education"),
    "forestry": mark("Forestry"),
    "meteorology": mark("Meteorology"),
    "organisation": mark("Organisation department"),
}
UNIT_NAMES = {
    "-": "",
    "person": mark("persons"),
    "set": mark("sets"),
    "time/year": mark("times a year"),
    "ratio": mark("ratio"),
    "hour": mark("hours"),
    "min": mark("minutes"),
    "m2": mark("m²"),
    "day": mark("days"),
    "piece/natural village": mark("each natural village"),
}
