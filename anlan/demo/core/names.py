"""Invented names that sound like the land they name; famous places are kept out."""

import numpy as np

COUNTY = "青岚县"
MAIN_RIVER = "青岚江"
STREETS = ("岚阳", "岚滨")
TOWNS = ("柳溪", "枫渡", "芦塘", "梓湾", "竹坞", "砚坪")
MOUNTAIN_TOWNSHIPS = ("雾岭", "寒垭", "云樟", "鹰岩")
STREAMS = ("沐溪", "莲溪", "桐溪", "龙眼溪", "磨石溪", "响水溪", "白果溪", "茶溪", "野猫溪", "枧溪", "麻溪", "沙溪沟")
QUARTERS = (
    "文昌", "书院", "北塔", "河街", "南门口", "东正街", "迎晖", "丁字街", "槐树巷", "滨江", "兴学", "望江楼",
    "青云", "老码头", "三里桥", "花园", "五里牌", "新渡口", "粮站", "茶亭", "学坪", "水府", "盐店", "北园",
    "石桥头", "凉亭",
)  # fmt: skip
_FIRST = (
    "枫香", "梨树", "油茶", "斑竹", "白岩", "青石", "黄泥", "沙田", "磨刀", "水车", "老鸦", "鹅公", "马鞍", "牛角",
    "檀木", "漆树", "杉木", "桂花", "柿子", "板栗", "桐子", "麻栗", "苦竹", "红岩", "瓦窑", "碾子", "晒谷", "鹭鸶",
    "野鸡", "画眉", "黄连", "木姜", "铁匠", "染坊", "糍粑", "双桥", "三岔", "半坡", "向家", "田家", "彭家", "覃家",
    "谭家", "舒家", "印家", "米家", "瞿家", "石家", "滕家", "邓家", "熊家", "卢家", "简家", "楠木", "棕树", "芭蕉",
)  # fmt: skip
_LAST = {
    "mountain": ("岭", "坳", "垭", "界", "岩", "寨", "坪", "冲", "坡"),
    "hill": ("冲", "坪", "湾", "坡", "寨", "垅", "园", "塘"),
    "plain": ("塘", "桥", "畈", "垅", "田", "铺", "园", "井"),
    "river": ("湾", "渡", "滩", "洲", "溪口", "潭", "坝"),
}
# Well-known places that the syllables above could spell.
_FAMOUS = {"双桥铺", "石家寨", "邓家湾", "桂花园", "青石桥", "三岔湾", "田家寨"}


class Namer:
    """Gives each name once."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._given = set(_FAMOUS)
        self._quarters = list(QUARTERS)

    def quarter(self) -> str:
        """Return the name of a neighbourhood in town."""
        return self._quarters.pop(0)

    def village(self, setting: str) -> str:
        """Return a name for a village that lies by a river, in the plain, in hills or in the mountains."""
        while (name := str(self._rng.choice(_FIRST)) + str(self._rng.choice(_LAST[setting]))) in self._given:
            pass
        self._given.add(name)
        return name
