"""How long a check takes: `python -m bench`."""
