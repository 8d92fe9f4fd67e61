from django.db import migrations

from agencies.sql import withhold


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0005_disclosure_guards"),
        ("compliance", "0005_reuse_and_feed"),
    ]

    operations = [withhold("compliance_standing")]
