from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "becontree.citizenship.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.projects import permissions, shred
        from becontree.citizenship.projects.models import Organiser
        from becontree.foundations.access import rules, words
        from becontree.foundations.people import shredders

        words.told(Organiser, _("that you run a project"))
        rules.register(Organiser, "own", permissions.own_organisers, subject="person")
        rules.register(Organiser, "verification", permissions.checked_organisers, subject="person")
        shredders.register(
            "projects",
            name=_("Projects"),
            export=shred.export,
            erase=shred.erase,
            standing=shred.standing,
            keeps=_("The project stays; that you ran it does not."),
            did=shred.did,
        )
