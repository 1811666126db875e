"""`anlan assess`: the whole job from a file, without a database or a server."""

import shutil
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from anlan.assessment.core.values import Result
from anlan.assessment.documents.offline import (
    METHODS,
    Faulty,
    File,
    assess_reading,
    documents_of,
    index_documents,
    read_survey,
)
from anlan.assessment.documents.summary import print_result
from anlan.assessment.documents.workbook_file import BadWorkbook, check_size
from anlan.assessment.documents.workbook_marks import marked_workbook, reason_of
from anlan.assessment.documents.workbook_words import said

ERRORS = "errors.xlsx"
BAD_INPUT = 2  # exit code
SHOWN = 10
