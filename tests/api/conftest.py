"""The browser of the tests, as the pages have it."""

from tests.web.conftest import browser_type_launch_args

__all__ = ["browser_type_launch_args"]
