"""Balances of a past day, without reading everything."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Balances of a past day, without reading everything."""

    dependencies = [("ledger", "0005_paying")]
    operations = [
        migrations.RunSQL(
            (SQL / "0006_reading.sql").read_text(), (SQL / "0006_reading.down.sql").read_text()
        )
    ]
