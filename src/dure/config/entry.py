"""The `dure` script. Running, backup and restore start here; every other command is loaded from the faces."""

from __future__ import annotations

import os
import sys
from importlib import import_module


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.config.settings")
    sys.exit(import_module("dure.interfaces.cli.main").main(sys.argv[1:]))
