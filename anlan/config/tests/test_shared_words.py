from anlan.assessment.core.values import Profile, Region
from anlan.places.core.values import Hazard, RegionType


def test_places_and_the_assessment_name_regions_and_hazards_alike():
    assert {region.value for region in RegionType} == {region.value for region in Region}
    assert {hazard.value for hazard in Hazard} == {profile.value for profile in Profile}
