"""The words of the audit trail: what may have happened, to which kinds of things, and what is told with it.

Verbs are stored as message ids; a test holds that every one that the code writes stands here.
"""

from collections.abc import Mapping

from anlan.kernel.refusal import mark

VERBS = frozenset(
    {
        # accounts
        mark("language chosen"),
        mark("log-in unlocked"),
        mark("module switched off"),
        mark("module switched on"),
        mark("password changed"),
        mark("password reset"),
        mark("person created"),
        mark("person disabled"),
        mark("person enabled"),
        mark("phone shown"),
        mark("post ended"),
        mark("post given"),
        mark("post moved"),
        mark("token made"),
        mark("token revoked"),
        # records
        mark("comment added"),
        mark("comment withdrawn"),
        mark("file attached"),
        mark("file removed"),
        # places
        mark("division corrected"),
        mark("division given another code"),
        mark("division recorded"),
        mark("division renamed"),
        mark("division split"),
        mark("divisions merged"),
        mark("driving speeds set"),
        mark("rivers loaded"),
        mark("roads joined"),
        mark("roads loaded"),
        # stores
        mark("site changed"),
        mark("site recorded"),
        mark("site struck"),
        # funds
        mark("source bound to purposes"),
        mark("source changed"),
        mark("source recorded"),
        mark("source withdrawn"),
        # worklists
        mark("task changed"),
        mark("task done"),
        mark("task escalated"),
        mark("task given back"),
        mark("task handed over"),
        mark("task opened again"),
        mark("task put"),
        mark("task returned"),
        mark("task signed off"),
        mark("task taken"),
        mark("task withdrawn"),
        # assessment
        mark("answer returned"),
        mark("answer saved"),
        mark("answer verified"),
        mark("answers checked"),
        mark("assessment computed"),
        mark("assessment published"),
        mark("assignment handed in"),
        mark("documents issued"),
        mark("evidence gathered"),
        mark("flag settled"),
        mark("own form imported"),
        mark("own form mapped"),
        mark("phone form received"),
        mark("round closed"),
        mark("round opened"),
        mark("round prepared"),
        mark("round reminded"),
        mark("system draft begun"),
        mark("system draft discarded"),
        mark("system edited"),
        mark("system published"),
        # allocation
        mark("rules begun"),
        mark("rules discarded"),
        mark("rules edited"),
        mark("rules published"),
        mark("units classified"),
    }
)

KINDS: Mapping[str, str] = {
    "accounts.user": mark("Person"),
    "accounts.apitoken": mark("API token"),
    "accounts.module": mark("Module"),
    "records.comment": mark("Comment"),
    "records.storedfile": mark("File"),
    "places.division": mark("Division"),
    "places.roadnet": mark("Road network"),
    "stores.site": mark("Site"),
    "funds.source": mark("Source of money"),
    "worklists.task": mark("Task"),
    "assessment.round": mark("Survey round"),
    "assessment.assignment": mark("Assignment"),
    "assessment.answer": mark("Answer"),
    "assessment.flag": mark("Flag"),
    "assessment.systemversion": mark("Indicator system"),
    "assessment.assessment": mark("Assessment"),
    "assessment.report": mark("Report"),
    "allocation.ruleversion": mark("Rules of the allocation"),
}

# In the order in which they are told.
DETAILS: Mapping[str, str] = {
    "posts": mark("posts held"),
    "role": mark("role"),
    "area": mark("area in charge"),
    "department": mark("department"),
    "unit": mark("code of the unit"),
    "leaf": mark("code of the leaf"),
    "was": mark("value before"),
    "now": mark("value now"),
    "status": mark("state"),
    "from": mark("from"),
    "to": mark("goes to"),
    "starts_on": mark("from"),
    "ends_on": mark("until"),
    "due_on": mark("due on"),
    "on": mark("takes effect on"),
    "successor": mark("successor"),
    "purpose": mark("purpose"),
    "reason": mark("reason"),
    "remark": mark("remark"),
    "language": mark("language"),
    "prefix": mark("token"),
    "number": mark("running number"),
    "count": mark("count"),
    "year": mark("year"),
    "amount": mark("amount (yuan)"),
    "units": mark("number of units"),
    "documents": mark("number of documents"),
    "reminders": mark("number of reminders"),
    "questions": mark("number of questions"),
    "leaves": mark("number of leaves"),
    "answers": mark("number of answers"),
    "raised": mark("new flags"),
    "open": mark("open flags"),
    "sha256": mark("check sum"),
}


def kind_name(kind: str) -> str:
    """Return what a kind of object is called; an unknown kind stands for itself."""
    return KINDS.get(kind, kind)
