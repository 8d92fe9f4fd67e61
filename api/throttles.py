"""How often one person may ask."""

from django.core.cache.backends.locmem import LocMemCache
from rest_framework.throttling import UserRateThrottle


class PersonThrottle(UserRateThrottle):
    """So many requests a minute for each person, whatever token or session they use.

    Counted in the memory of each worker process: the shared cache is a table of the database, and
    counting there would make parallel requests of one person wait for each other's transactions.
    """

    rate = "600/min"
    cache = LocMemCache("api-throttle", {})
