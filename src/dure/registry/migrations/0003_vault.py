"""The vault: own schema, own role, logged functions."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The vault: own schema, own role, logged functions."""

    dependencies = [("registry", "0002_search")]
    operations = [
        migrations.RunSQL(
            (SQL / "0003_vault.sql").read_text(), (SQL / "0003_vault.down.sql").read_text()
        )
    ]
