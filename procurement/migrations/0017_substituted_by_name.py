"""A step of a substitute keeps the address of the one who was away, as evidence packs name people."""

from django.db import migrations, models

from procurement import sql


class Migration(migrations.Migration):
    dependencies = [("procurement", "0016_rounds_and_lapses")]

    operations = [
        migrations.AddField(
            "move", "acted_for_name", models.TextField(blank=True, db_default="", editable=False)
        ),
        sql.MOVE,
    ]
