"""The step `recognise`: documents become materials with type, section, title and date."""

from archive_check.recognise.alone import Alone, alone
from archive_check.recognise.bound import bound
from archive_check.recognise.materials import recognise
from archive_check.recognise.split import split

__all__ = ["Alone", "alone", "bound", "recognise", "split"]
