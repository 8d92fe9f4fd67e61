from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="policyversion",
            name="waiver_max_months",
            field=models.PositiveSmallIntegerField(
                default=36,
                help_text="A waiver of these rules lasts at most this long. 0: none is given.",
                verbose_name="longest waiver (months)",
            ),
        ),
    ]
