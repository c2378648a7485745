"""Search keys and their indexes."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Search keys and their indexes."""

    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (SQL / "0002_search.sql").read_text(), (SQL / "0002_search.down.sql").read_text()
        )
    ]
