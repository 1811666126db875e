"""Words that files use for columns, levels, landforms, regions, hazards and roads: ours, and as offices write them."""

from anlan.kernel.codes import Level
from anlan.places.core.values import Hazard, Landform, RegionType, RoadKind

HEADS = {
    "code": ("code", "code12", "区划代码", "统计用区划代码", "代码"),
    "name": ("name", "名称", "区划名称"),
    "level": ("level", "层级", "级别"),
    "parent_code": ("parent_code", "parent", "上级代码", "上级区划代码"),
    "population": ("population", "人口", "常住人口", "人口数"),
    "households": ("households", "户数"),
    "area_km2": ("area_km2", "area", "面积", "面积(平方公里)", "面积（平方公里）"),
    "landform": ("landform", "terrain", "地形", "地貌"),
    "urban_rural_code": ("urban_rural_code", "城乡分类", "城乡分类代码"),
    "region_type": ("region_type", "区域类型"),
    "hazards": ("hazards", "灾害特征", "灾害类型"),
    "longitude": ("longitude", "lon", "lng", "经度"),
    "latitude": ("latitude", "lat", "纬度"),
}  # fmt: skip
CODE_KEYS = ("code", "code12", "adcode", "区划代码", "XZQDM", "xzqdm", "dm")
NAME_KEYS = ("name", "NAME", "名称", "XZQMC", "xzqmc", "mc")
KIND_KEYS = ("kind", "highway", "等级")
ROAD_CODE_KEYS = ("code", "ref", "编号")
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
ROAD_WORDS = {kind.value: kind for kind in RoadKind} | {
    "motorway": RoadKind.NATIONAL, "trunk": RoadKind.NATIONAL, "primary": RoadKind.PROVINCIAL,
    "secondary": RoadKind.COUNTY, "tertiary": RoadKind.TOWNSHIP, "unclassified": RoadKind.VILLAGE,
    "residential": RoadKind.VILLAGE, "国道": RoadKind.NATIONAL, "省道": RoadKind.PROVINCIAL, "县道": RoadKind.COUNTY,
    "乡道": RoadKind.TOWNSHIP, "村道": RoadKind.VILLAGE,
}  # fmt: skip
