"""Tables of the assessment: systems, rounds with their answers, results."""

from anlan.assessment.models.answers import Answer, AnswerStatus, Flag, FlagStatus, Way
from anlan.assessment.models.forms import Note, OwnForm, Submission
from anlan.assessment.models.results import Assessment, Need, Report, UnitScore
from anlan.assessment.models.rounds import Assignment, AssignmentStatus, Evidence, Reminder, Round, RoundStatus
from anlan.assessment.models.systems import IndicatorSystem, Leaf, SystemVersion

__all__ = [
    "Answer",
    "AnswerStatus",
    "Assessment",
    "Assignment",
    "AssignmentStatus",
    "Evidence",
    "Flag",
    "FlagStatus",
    "IndicatorSystem",
    "Leaf",
    "Need",
    "Note",
    "OwnForm",
    "Reminder",
    "Report",
    "Round",
    "RoundStatus",
    "Submission",
    "SystemVersion",
    "UnitScore",
    "Way",
]
