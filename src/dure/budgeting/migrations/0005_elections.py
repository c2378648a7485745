"""Ballots of elections of the past, taken in from a file."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Ballots of elections of the past, taken in from a file."""

    dependencies = [("budgeting", "0004_papers")]
    operations = [
        migrations.RunSQL(
            (SQL / "0005_elections.sql").read_text(), (SQL / "0005_elections.down.sql").read_text()
        )
    ]
