from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "becontree.foundations.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.people import shredders
        from becontree.foundations.people.actions.persons import erase_own, export_own, standing_own

        shredders.register(
            "people",
            name=_("Your account"),
            export=export_own,
            erase=erase_own,
            standing=standing_own,
            keeps=_("A random number in place of your name, so that what was counted and published still adds up."),
        )
        post_migrate.connect(_make_cache_table, sender=self)


def _make_cache_table(using: str, **_: Any) -> None:
    """The limits on sign-in are counted in the database's cache, so its table comes with the migrations."""
    from django.core.management import call_command

    call_command("createcachetable", database=using, verbosity=0)
