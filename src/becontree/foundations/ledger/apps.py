from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "becontree.foundations.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.kit import triggers
        from becontree.foundations.ledger.guards import GUARDS

        triggers.guard(self, GUARDS)
