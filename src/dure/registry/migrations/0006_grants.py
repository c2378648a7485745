"""What core's port of the grants in force answers."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Serve ``dure_grants``."""

    dependencies = [("registry", "0005_guards"), ("core", "0003_open")]
    operations = [
        migrations.RunSQL(
            (SQL / "0006_grants.sql").read_text(), (SQL / "0006_grants.down.sql").read_text()
        )
    ]
