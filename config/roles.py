"""The three database roles, and who may change the schema.

`registry_owner` owns the schema and migrates; `registry_app` is what the program logs in as; `registry_central`
cannot log in and is entered with SET LOCAL ROLE by people whose rights cover every agency.
"""

from typing import Any, Final

OWNER_ROLE: Final = "registry_owner"
APP_ROLE: Final = "registry_app"
CENTRAL_ROLE: Final = "registry_central"
OWNER_ALIAS: Final = "owner"


class OwnerMigrates:
    """Lets migrations run on the owner's connection alone: the app role may not change the schema."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == OWNER_ALIAS
