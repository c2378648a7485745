"""Paper ballots: merged by one function, once, and never more than people marked at the booth."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Paper ballots: merged once, and never more than people marked at the booth."""

    dependencies = [("budgeting", "0003_urn")]
    operations = [
        migrations.RunSQL(
            (SQL / "0004_papers.sql").read_text(), (SQL / "0004_papers.down.sql").read_text()
        )
    ]
