"""Extensions, the one clock and the door's guard; before every table of every room."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Make the functions that every domain trigger calls."""

    initial = True
    dependencies = []
    run_before = [
        ("registry", "0001_initial"),
        ("ledger", "0001_initial"),
        ("journal", "0001_initial"),
        ("governance", "0001_initial"),
        ("exchange", "0001_initial"),
        ("budgeting", "0001_initial"),
        ("indicators", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            (SQL / "0001_door.sql").read_text(), (SQL / "0001_door.down.sql").read_text()
        )
    ]
