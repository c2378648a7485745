"""Views that find what does not agree."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Views that find what does not agree."""

    dependencies = [("ledger", "0003_functions"), ("core", "0003_open")]
    operations = [
        migrations.RunSQL(
            (SQL / "0004_checks.sql").read_text(), (SQL / "0004_checks.down.sql").read_text()
        )
    ]
