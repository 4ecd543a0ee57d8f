"""What every worker process needs, loaded before the first is forked: importing this loads it."""

import gc

import lxml.etree
import pypdfium2

from archive_check import understand
from archive_check.recognise.words import words

__all__ = ["lxml", "pypdfium2", "understand"]

words()
# What is here stays: forked processes need not look through it again and again.
gc.freeze()
