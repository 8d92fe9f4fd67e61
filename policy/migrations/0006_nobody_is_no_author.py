"""The program itself is nobody who wrote a version: the first form of these functions noted it as one."""

from django.db import migrations

from policy import sql


class Migration(migrations.Migration):
    dependencies = [("policy", "0005_entry_ended_on")]

    operations = [sql.SECOND_PERSON]
