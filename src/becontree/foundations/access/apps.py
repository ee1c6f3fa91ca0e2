from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "becontree.foundations.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.access.shred import did, erase, export
        from becontree.foundations.people import shredders

        shredders.register(
            "access",
            name=_("Who read about you"),
            export=export,
            erase=erase,
            keeps=_("The list of who read what about you stays, under a random number, so that it can be checked."),
            did=did,
        )
