from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "becontree.foundations.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.people import shredders
        from becontree.foundations.people.actions.persons import erase_own, export_own

        shredders.register(
            "people",
            export=export_own,
            erase=erase_own,
            keeps="A random number in place of your name, so that what was counted and published still adds up.",
        )
