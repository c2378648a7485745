"""Staging of list imports."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Staging of list imports."""

    dependencies = [("registry", "0003_vault")]
    operations = [
        migrations.RunSQL(
            (SQL / "0004_imports.sql").read_text(), (SQL / "0004_imports.down.sql").read_text()
        )
    ]
