"""`python -m archive_check` is the command `archive-check`."""

from archive_check.cli import main

# Worker processes import this module anew, and must not start the command again.
if __name__ == "__main__":
    main()
