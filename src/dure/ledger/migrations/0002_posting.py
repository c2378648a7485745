"""The posting trigger: the only way value moves."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The posting trigger: the only way value moves."""

    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (SQL / "0002_posting.sql").read_text(), (SQL / "0002_posting.down.sql").read_text()
        ),
        migrations.RunSQL(
            (SQL / "0002_applying.sql").read_text(), (SQL / "0002_applying.down.sql").read_text()
        ),
    ]
