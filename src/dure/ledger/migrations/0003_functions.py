"""The functions that actions call."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The functions that actions call."""

    dependencies = [("ledger", "0002_posting")]
    operations = [
        migrations.RunSQL(
            (SQL / "0003_functions.sql").read_text(), (SQL / "0003_functions.down.sql").read_text()
        )
    ]
