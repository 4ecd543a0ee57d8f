"""Puts the repository's root on the path, so that tests can import the fixture maker."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
