"""Guards of budgeting."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Guards of budgeting."""

    dependencies = [
        ("budgeting", "0001_initial"),
        ("governance", "0002_guards"),
        ("ledger", "0002_posting"),
    ]
    operations = [
        migrations.RunSQL(
            (SQL / "0002_guards.sql").read_text(), (SQL / "0002_guards.down.sql").read_text()
        )
    ]
