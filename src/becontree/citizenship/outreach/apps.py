from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutreachConfig(AppConfig):
    name = "becontree.citizenship.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.outreach import limits, permissions, shred, wishes
        from becontree.citizenship.outreach.models import CallBack, NoKnock, Shift
        from becontree.foundations.access import rules, words
        from becontree.foundations.forgetting import kinds
        from becontree.foundations.people import shredders

        limits.register()
        kinds.register(wishes.KIND)
        words.told(CallBack, _("your wish to be rung back"))
        words.told(NoKnock, _("your wish that nobody knocks"))
        words.told(Shift, _("a shift that you walk"))
        rules.register(Shift, "own", permissions.own_shifts, subject="canvasser")
        rules.register(Shift, "case", permissions.team_only, subject="canvasser")
        rules.register(CallBack, "case", permissions.team_only)
        rules.register(NoKnock, "case", permissions.team_only)
        shredders.register(
            "outreach",
            name=_("Walking and calling"),
            export=shred.export,
            erase=shred.erase,
            keeps=_("That a shift was walked is still counted, without your name."),
            did=shred.did,
        )
