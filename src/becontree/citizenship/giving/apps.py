from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GivingConfig(AppConfig):
    name = "becontree.citizenship.giving"
    label = "giving"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.giving import books, figures, following, permissions, shred, till, undoing, wishes
        from becontree.citizenship.giving.actions import takeable
        from becontree.citizenship.giving.models import Pledge
        from becontree.citizenship.projects.actions import handing
        from becontree.foundations.access import rules, words
        from becontree.foundations.forgetting import kinds
        from becontree.foundations.ledger import origins, together
        from becontree.foundations.people import shredders

        handing.before_joining("giving", takeable.before_joining)
        figures.register()
        till.register()
        undoing.register()
        kinds.register(wishes.KIND)
        room = together.Room(kinds=("release",), keys=("pledge:", "match:"), ended=books.accounts_of_ended)
        together.register("giving", room)
        origins.register("giving", following.origins)
        words.told(Pledge, _("what you gave or promised"))
        rules.register(Pledge, "own", permissions.own_pledges, subject="giver")
        rules.register(Pledge, "payment", permissions.accounts_pledges, subject="giver")
        rules.register(Pledge, "audit", permissions.audited_pledges, subject="giver")
        rules.register(Pledge, "moderation", permissions.named_pledges, subject="giver")
        rules.register(Pledge, "case", permissions.thanked_pledges, subject="giver")
        shredders.register(
            "giving",
            name=_("Money and help"),
            export=shred.export,
            erase=shred.erase,
            standing=shred.standing,
            release=shred.release,
            keeps=_("What you gave stays in the accounts, without your name or words."),
            did=shred.did,
        )
