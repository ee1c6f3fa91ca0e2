from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "becontree.foundations.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.kit import triggers
        from becontree.foundations.ledger.guards import GUARDS

        triggers.guard(self, GUARDS)
        post_migrate.connect(_install_function, sender=self, dispatch_uid="becontree.ledger.post")


def _install_function(using: str, **kwargs: Any) -> None:
    from becontree.foundations.ledger.writing import install_function

    install_function(using)
