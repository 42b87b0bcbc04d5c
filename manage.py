#!/usr/bin/env python3
"""Django's command line for the duty tracker."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Chưa cài các thư viện: chạy «python3 -m venv .venv && .venv/bin/pip install -r requirements.txt»"
            " rồi dùng «.venv/bin/python manage.py …»."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
