from django.db import migrations

from audit.operations import composite_key, govern, isolate


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0001_initial"),
        ("registry", "0002_guards"),
        ("policy", "0002_guards"),
    ]

    operations = [
        govern("compliance_listmatch"),
        isolate("compliance_standing"),
        composite_key("compliance_standing", "drone_id", "registry_drone"),
    ]
