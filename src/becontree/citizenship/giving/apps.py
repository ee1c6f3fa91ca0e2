from django.apps import AppConfig


class GivingConfig(AppConfig):
    name = "becontree.citizenship.giving"
    label = "giving"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.giving import figures, permissions, shred, till
        from becontree.citizenship.giving.models import Pledge
        from becontree.foundations.access import rules
        from becontree.foundations.people import shredders

        figures.register()
        till.register()
        rules.register(Pledge, "own", permissions.own_pledges, subject="giver")
        rules.register(Pledge, "payment", permissions.accounts_pledges, subject="giver")
        rules.register(Pledge, "moderation", permissions.named_pledges, subject="giver")
        rules.register(Pledge, "case", permissions.thanked_pledges, subject="giver")
        shredders.register(
            "giving",
            export=shred.export,
            erase=shred.erase,
            holds=shred.holds,
            keeps="What you gave stays in the accounts, without your name or words.",
        )
