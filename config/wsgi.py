"""The entry point of the web server. It refuses to serve from an unfit database."""

import os

from django.core.wsgi import get_wsgi_application

from config.checks import refuse_if_unfit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
refuse_if_unfit()
