#!/usr/bin/env python
"""Django's commands. `python3 run.py manage …` runs this in the project's environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault(
        "STATEMENT_TIMEOUT_MS", "0"
    )  # imports and migrations may take longer than a page
    execute_from_command_line(sys.argv)
