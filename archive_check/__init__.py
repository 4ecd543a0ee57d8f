"""archive-check: a rules-based compliance checker for audit archives."""

__version__ = "0.1.0"
