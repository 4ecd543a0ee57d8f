"""The recogniser: where lines of text stand in a picture, and what they say.

rapidocr is used part by part, since it would shrink the whole page before it reads it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from archive_check.ocr.images import Box, Pixels

_DETECTED = 1280
"""Pixels of a page's longer side in which text is looked for."""
_TURNED = 0.9
"""Least score of a line that is said to stand upside down."""


@cache
def _engine() -> Any:
    # Else onnxruntime prepares to tell its maker how it is used, and leaves a file behind. It looks
    # for this as it is loaded.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            # One thread a worker: processes and threads together are never more than the jobs.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "critical",
            "Global.max_side_len": 10_000,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTED,
            "Rec.rec_batch_num": 1,
        }
    )


def boxes(grey: Pixels) -> list[Box]:
    """Upright boxes of the lines of text in a picture, from top to bottom."""
    height, width = grey.shape
    answer = _engine()(_colours(grey), use_det=True, use_cls=False, use_rec=False)
    if answer.boxes is None:
        return []
    found = []
    for corners in answer.boxes:
        left, top = np.floor(corners.min(axis=0)).astype(int)
        right, bottom = np.ceil(corners.max(axis=0)).astype(int)
        box = Box(max(left, 0), max(top, 0), min(right, width), min(bottom, height))
        if box.width > 0 and box.height > 0:
            found.append(Box(*map(int, box)))
    return found


def text(line: Pixels) -> tuple[str, float]:
    """What one line says, and how sure that is (0 to 1)."""
    answer = _engine()(_colours(line), use_det=False, use_cls=False, use_rec=True)
    if not answer.txts:
        return "", 0.0
    return str(answer.txts[0]), float(answer.scores[0])


def upside_down(lines: Sequence[Pixels]) -> float:
    """The share of the lines that stand upside down."""
    if not lines:
        return 0.0
    answers = [
        _engine()(_colours(line), use_det=False, use_cls=True, use_rec=False) for line in lines
    ]
    votes = [vote for answer in answers for vote in answer.cls_res]
    return float(np.mean([label == "180" and score >= _TURNED for label, score in votes]))


def _colours(grey: Pixels) -> Any:
    return np.repeat(grey[..., None], 3, axis=2)
