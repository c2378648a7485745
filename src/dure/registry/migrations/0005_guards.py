"""Guards that need SQL: federations, incompatible mandates."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Guards that need SQL: federations, incompatible mandates."""

    dependencies = [("registry", "0004_imports")]
    operations = [
        migrations.RunSQL(
            (SQL / "0005_guards.sql").read_text(), (SQL / "0005_guards.down.sql").read_text()
        )
    ]
