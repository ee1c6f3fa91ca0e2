from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManifestoConfig(AppConfig):
    name = "becontree.citizenship.manifesto"
    label = "manifesto"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.manifesto import search, shred
        from becontree.foundations.people import shredders

        shredders.register(
            "manifesto",
            name=_("The Manifesto"),
            export=shred.export,
            erase=shred.erase,
            keeps=_("How many people spoke of a theme still counts you; your words are gone from it."),
            did=shred.did,
        )
        search.keep_in_place(self)
