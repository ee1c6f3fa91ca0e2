from django.apps import AppConfig


class ManifestoConfig(AppConfig):
    name = "becontree.citizenship.manifesto"
    label = "manifesto"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.manifesto import search, shred
        from becontree.foundations.people import shredders

        shredders.register(
            "manifesto",
            export=shred.export,
            erase=shred.erase,
            keeps="How many people spoke of a theme still counts you; your words are gone from it.",
        )
        search.keep_in_place(self)
