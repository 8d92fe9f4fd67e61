from django.db import migrations

from agencies import sql_posts
from audit.operations import govern, isolate


class Migration(migrations.Migration):
    dependencies = [("agencies", "0006_duties")]

    operations = [
        govern("agencies_substitution", agency="agency_id"),
        isolate("agencies_substitution"),
        sql_posts.RECORDED,
        sql_posts.SUBSTITUTIONS,
    ]
