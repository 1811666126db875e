"""Words that files use for levels, landforms, regions and hazards: our keys, and Chinese as offices write it."""

from anlan.kernel.codes import Level
from anlan.places.core.values import Hazard, Landform, RegionType

LEVEL_WORDS = {level.value: level.value for level in Level} | {
    "省": "province", "省级": "province", "市": "city", "市级": "city", "地级": "city", 
    "县": "county", "县级": "county", "县级市": "county", "区": "county", "市辖区": "county",
    "乡": "township", "乡级": "township", "镇": "township", "乡镇": "township", "街道": "township", "town": "township",
    "村": "village", "村级": "village", "社区": "village",
}  # fmt: skip
LANDFORM_WORDS = {landform.value: landform.value for landform in Landform} | {
    "平原": "plain", "丘陵": "hill", "山地": "mountain", "山区": "mountain",
}  # fmt: skip
REGION_WORDS = {region.value: region.value for region in RegionType} | {
    "发达地区": "developed", "发达": "developed", "欠发达地区": "underdeveloped", "欠发达": "underdeveloped",
    "山区": "mountain", "山地": "mountain", "城乡结合部": "fringe", "城乡接合部": "fringe",
}  # fmt: skip
HAZARD_WORDS = {hazard.value: hazard.value for hazard in Hazard} | {
    "山洪": "mountain", "地质灾害": "mountain", "滑坡": "mountain", "泥石流": "mountain", "山洪地质灾害": "mountain",
    "洪水": "river", "洪涝": "river", "江河洪水": "river", "森林火灾": "forest_fire", "火灾": "forest_fire",
    "地震": "earthquake", "冰雪": "cold", "低温雨雪冰冻": "cold", "工矿": "industrial", "危化品": "industrial",
    "工业事故": "industrial", "偏远": "remote", "易成孤岛": "remote",
}  # fmt: skip
