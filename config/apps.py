from django.apps import AppConfig
from django.core import checks

from config.checks import check_database, check_driver


class ProjectConfig(AppConfig):
    name = "config"
    verbose_name = "Project"

    def ready(self) -> None:
        checks.register(check_driver, checks.Tags.compatibility)
        checks.register(check_database, checks.Tags.database)
