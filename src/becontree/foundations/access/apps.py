from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "becontree.foundations.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.access.shred import erase, export
        from becontree.foundations.people import shredders

        shredders.register(
            "access",
            export=export,
            erase=erase,
            keeps="The list of who read what about you stays, under a random number, so that it can be checked.",
        )
