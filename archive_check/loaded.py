"""What every worker process needs, loaded before the first is forked: importing this loads it."""

import gc
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process with threads can't well be forked

import lxml.etree
import pandas
import pypdfium2

from archive_check import understand
from archive_check.recognise.required import methods, required
from archive_check.recognise.words import words

__all__ = ["lxml", "pandas", "pypdfium2", "understand"]

for vocabulary in (words, required, methods):
    vocabulary()
# What is here stays: forked processes need not look through it again and again.
gc.freeze()
