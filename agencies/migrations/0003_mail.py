from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="mail",
            field=models.CharField(
                choices=[
                    ("at_once", "at once what is urgent, the rest once a day"),
                    ("digest", "everything once a day"),
                    ("none", "no e-mail: I look into the inbox"),
                ],
                default="at_once",
                max_length=10,
                verbose_name="notices by e-mail",
            ),
        ),
    ]
