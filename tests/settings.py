"""The settings of the tests: the demo world's, on a server of their own under `test` in the data folder.

Whatever the caller's environment says about a real database is dropped first, so that no test can reach one.
"""

import os

from config.embedded import default_data_dir

for _name in (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "DEBUG",
):
    os.environ.pop(_name, None)
os.environ["DEMO"] = "1"
if default_data_dir().name != "test":  # a test's own subprocess has it already
    os.environ["DATA_DIR"] = str(default_data_dir() / "test")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "30000")  # a busy machine is no reason to fail
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "1"  # Playwright keeps an event loop in the thread of the test
)

from config.settings import *  # noqa: E402, F403 - the environment above has to be in place first

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # hundreds of sign-ins, none of them at risk
WHITENOISE_USE_FINDERS = (
    False  # every test client would walk all static files; the live server has its own handler
)
