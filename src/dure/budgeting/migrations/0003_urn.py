"""Marks and urn: own schemas, own roles, one function that writes both."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Marks and urn: own schemas, own roles, one function that writes both."""

    dependencies = [("budgeting", "0002_guards")]
    operations = [
        migrations.RunSQL(
            (SQL / "0003_urn.sql").read_text(), (SQL / "0003_urn.down.sql").read_text()
        )
    ]
