"""Whoever asked for more decides again in the round which that began, a claim that ran out does not come back, and a
draft that was returned and edited is withdrawn."""

from django.db import migrations

from procurement import sql, sql_claims, sql_deciders


class Migration(migrations.Migration):
    dependencies = [("procurement", "0015_duty_guards")]

    operations = [sql_deciders.BAR, sql_claims.CARRY, sql.MOVE]
