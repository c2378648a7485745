"""Draw the generated migration of every room again: one ``initial`` a room, deterministic.

Before the first release each room has one generated migration; hand-written ones (those that
read a .sql file) stay as they are. Run it after a change of models: ``make migrations``.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "dure"
ROOMS = ("core", "registry", "journal", "exchange", "indicators")
NUMBER = {"core": "0002"}
EMPTY = """from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = []
"""


def main() -> int:
    """Set hand-written migrations aside, generate, number core's as 0002, put them back."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.config.settings")
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder)
        for room in ROOMS:
            (aside / room).mkdir()
            for file in sorted((SRC / room / "migrations").glob("[0-9]*.py")):
                target = aside / room / file.name
                shutil.move(file, target)
        try:
            _generate()
        finally:
            for room in ROOMS:
                for file in (aside / room).iterdir():
                    if not file.name.endswith("_initial.py"):
                        shutil.move(file, SRC / room / "migrations" / file.name)
    return 0


def _generate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("makemigrations", *ROOMS, name="initial", include_header=False, skip_checks=True)
    for room in ROOMS:
        folder = SRC / room / "migrations"
        made = folder / "0001_initial.py"
        text = made.read_text() if made.exists() else EMPTY
        text = text.replace('("core", "0001_initial")', '("core", "0002_initial")')
        text = text.replace("('core', '0001_initial')", "('core', '0002_initial')")
        if room in NUMBER:
            made.unlink(missing_ok=True)
            made = folder / f"{NUMBER[room]}_initial.py"
            text = text.replace("dependencies = []", "dependencies = [('core', '0001_door')]", 1)
            text = text.replace(
                "dependencies = [\n    ]", "dependencies = [('core', '0001_door')]", 1
            )
        made.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
