"""Words that files use for columns, levels, landforms, regions, hazards and roads: ours, and as offices write them."""

from anlan.kernel.codes import Level
from anlan.places.core.hazard_values import HazardKind, Risk
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
HAZARD_KIND_WORDS = {kind.value: kind for kind in HazardKind} | {
    "滑坡": HazardKind.LANDSLIDE, "崩塌": HazardKind.ROCKFALL, "危岩": HazardKind.ROCKFALL,
    "泥石流": HazardKind.DEBRIS_FLOW, "不稳定斜坡": HazardKind.UNSTABLE_SLOPE, "地面塌陷": HazardKind.COLLAPSE,
    "地裂缝": HazardKind.FISSURE, "地面沉降": HazardKind.SUBSIDENCE, "山洪": HazardKind.FLASH_FLOOD,
    "山洪灾害": HazardKind.FLASH_FLOOD, "洪水": HazardKind.FLOOD, "洪涝": HazardKind.FLOOD,
    "内涝": HazardKind.WATERLOGGING, "森林火灾": HazardKind.FIRE, "其他": HazardKind.OTHER,
}  # fmt: skip
RISK_WORDS = {str(risk.value): risk for risk in Risk} | {
    "low": Risk.LOW, "medium": Risk.MEDIUM, "high": Risk.HIGH, "very_high": Risk.VERY_HIGH,
    "低": Risk.LOW, "中": Risk.MEDIUM, "高": Risk.HIGH, "极高": Risk.VERY_HIGH,
    "低风险": Risk.LOW, "中风险": Risk.MEDIUM, "高风险": Risk.HIGH, "极高风险": Risk.VERY_HIGH,
    "一般": Risk.LOW, "较大": Risk.MEDIUM, "重大": Risk.HIGH, "特大": Risk.VERY_HIGH,
}  # fmt: skip
HAZARD_HEADS = {
    "code": ("code", "编号", "统一编号", "隐患点编号"),
    "name": ("name", "名称", "隐患点名称"),
    "kind": ("kind", "类型", "灾害类型"),
    "risk": ("risk", "风险等级", "险情等级", "危险等级"),
    "division_code": ("division_code", "区划代码", "行政区划代码"),
    "people": ("people", "威胁人口", "威胁人数"),
    "households": ("households", "威胁户数"),
    "note": ("note", "备注"),
}
