from django.apps import AppConfig


class GivingConfig(AppConfig):
    name = "becontree.citizenship.giving"
    label = "giving"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.giving import figures, permissions, till
        from becontree.citizenship.giving.models import Pledge
        from becontree.foundations.access import rules

        figures.register()
        till.register()
        rules.register(Pledge, "own", permissions.own_pledges, subject="giver")
        rules.register(Pledge, "payment", permissions.accounts_pledges, subject="giver")
        rules.register(Pledge, "case", permissions.thanked_pledges, subject="giver")
