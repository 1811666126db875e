"""What places itself lets the one map find and list."""

from anlan.kernel.refusal import mark
from anlan.places.core.finding import InsideList, MapSearch
from anlan.places.queries import finding, hazards

OWN_SEARCHES = (
    MapSearch("division", mark("Divisions"), finding.find_divisions, order=10),
    MapSearch("hazard-zone", mark("Hazard zones"), hazards.find_hazard_zones, order=40),
    MapSearch("river", mark("Rivers"), finding.find_rivers, order=50),
    MapSearch("road", mark("Roads"), finding.find_roads, order=60),
)
OWN_INSIDES = (
    InsideList("villages", mark("Villages"), finding.villages_inside, order=10),
    InsideList("hazard-zones", mark("Hazard zones"), hazards.hazards_inside, order=40),
)
