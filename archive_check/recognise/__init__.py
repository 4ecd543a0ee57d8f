"""The step `recognise`: documents become materials with type, section, title and date."""

from archive_check.recognise.alone import Alone, alone
from archive_check.recognise.bound import bound
from archive_check.recognise.materials import recognise

__all__ = ["Alone", "alone", "bound", "recognise"]
