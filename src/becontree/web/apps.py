from typing import Final

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

# django-ninja carries two other people's API browsers (24 MB with their maps, a minute to compress); ours is a page.
NOT_SERVED: Final = ["CVS", ".*", "*~", "ninja"]


class WebConfig(AppConfig):
    name = "becontree.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.web.operations import checks  # noqa: F401 - registers them


class StaticFiles(StaticFilesConfig):
    """Django's own, which gathers only what our pages use."""

    ignore_patterns = NOT_SERVED
