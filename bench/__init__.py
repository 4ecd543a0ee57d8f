"""How long a check takes: `python -m bench` (or `make bench`)."""
