"""A payment as one statement."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """A payment as one statement."""

    dependencies = [("ledger", "0004_checks")]
    operations = [
        migrations.RunSQL(
            (SQL / "0005_paying.sql").read_text(), (SQL / "0005_paying.down.sql").read_text()
        )
    ]
