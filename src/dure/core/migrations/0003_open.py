"""The function that opens an action in one statement."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Make ``dure_open``."""

    dependencies = [("core", "0002_initial")]
    operations = [
        migrations.RunSQL(
            (SQL / "0003_open.sql").read_text(), (SQL / "0003_open.down.sql").read_text()
        )
    ]
