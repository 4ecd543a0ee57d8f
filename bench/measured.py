"""What a worker measures of itself while it reads a page."""

from __future__ import annotations

import resource
import time

from archive_check import ocr
from archive_check.model import Problem


def measured(task: ocr.PageTask) -> tuple[ocr.PageText | Problem, float, float]:
    """What is read of a page, the seconds of a processor and the megabytes that it took."""
    before = time.process_time()
    found = ocr.read_page(task)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found, time.process_time() - before, memory
