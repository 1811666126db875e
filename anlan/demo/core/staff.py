"""The people of the demo county: one to log in as for each role, and whoever else holds a post."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anlan.accounts.core.roles import Post, Role
from anlan.assessment.core.entry import Entered
from anlan.demo.core.answers import Key
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.values import County
from anlan.kernel.codes import Level, ancestor_at

PASSWORD = "Qinglan-2026"  # noqa: S105  printed for everybody who starts the demo; no real county has it
_SURNAMES = (
    "陈李张刘杨黄吴周徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "晓岚", "建国", "志强", "秀英", "海波", "文静", "永福", "春梅", "立新", "玉兰", "德明", "小红", "家旺", "桂香",
    "国栋", "雪梅", "长青", "丽华", "大勇", "美玲", "正阳", "凤英", "水生", "翠芳", "山川", "金莲", "天佑", "素珍",
)  # fmt: skip
DESK = (
    ("admin", Role.COUNTY_ADMIN),
    ("analyst", Role.ANALYST),
    ("analyst2", Role.ANALYST),
    ("duty", Role.DUTY_OFFICER),
    ("commander", Role.COMMANDER),
    ("evaluator", Role.EVALUATOR),
)
DEPARTMENTS = ("civil_affairs", "finance", "natural_resources", "health", "water")
UNFILLED = {4, 9}  # townships, counted by code
# One log-in a role, as the demo tells them.
LOGINS = (
    (Role.ANALYST, "analyst"),
    (Role.TOWNSHIP_OFFICER, "town03.1"),
    (Role.VILLAGE_OFFICER, "village01.1"),
    (Role.DEPARTMENT_OFFICER, "civil.affairs"),
    (Role.DUTY_OFFICER, "duty"),
    (Role.COMMANDER, "commander"),
    (Role.FINANCE_OFFICER, "accountant"),
    (Role.EVALUATOR, "evaluator"),
    (Role.COUNTY_ADMIN, "admin"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account."""

    username: str
    name: str
    posts: tuple[Post, ...]


ACCOUNTANT = Member("accountant", "尹知新", (Post(Role.FINANCE_OFFICER, COUNTY_CODE),))


def make_staff(county: County, answers: Mapping[Key, Entered]) -> tuple[Member, ...]:
    """Return everybody: the county's desk, departments, and in each township as many officers as it says it has."""
    called = _names()
    staff = [Member(username, next(called), (post,)) for username, post in (*_desk(), *_field(county, answers))]
    return (*staff, ACCOUNTANT)


def _names() -> Iterator[str]:
    """Yield names, each once: surnames and given names walk at paces that meet late."""
    for number in range(len(_SURNAMES) * len(_GIVEN)):
        yield _SURNAMES[(number * 7) % len(_SURNAMES)] + _GIVEN[(number * 5 + number // len(_GIVEN)) % len(_GIVEN)]


def _desk() -> Iterator[tuple[str, Post]]:
    yield from ((username, Post(role, COUNTY_CODE)) for username, role in DESK)
    for department in DEPARTMENTS:
        yield department.replace("_", "."), Post(Role.DEPARTMENT_OFFICER, COUNTY_CODE, department)


def _field(county: County, answers: Mapping[Key, Entered]) -> Iterator[tuple[str, Post]]:
    """Yield township and village officers; the accounts are what the records show beside the answers."""
    towns = county.at_level(Level.TOWNSHIP)
    for place, town in enumerate(towns, start=1):
        posts = int(answers.get((town.code, "ORG-T-02"), Entered(2.0)).value or 2)
        # Two townships report more posts than they have filled: the difference is what the evidence shows.
        held = max(2, posts - 2) if place in UNFILLED else max(2, posts)
        for number in range(1, held + 1):
            yield f"town{place:02}.{number}", Post(Role.TOWNSHIP_OFFICER, town.code)
    staffed = {towns[2].code, towns[6].code}
    villages = [v for v in county.at_level(Level.VILLAGE) if ancestor_at(v.code, Level.TOWNSHIP) in staffed]
    for place, village in enumerate(villages, start=1):
        for number in (1, 2):
            yield f"village{place:02}.{number}", Post(Role.VILLAGE_OFFICER, village.code)
