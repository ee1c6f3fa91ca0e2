from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "becontree.foundations.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.ledger import origins
        from becontree.foundations.payments import following, limits, undoing

        limits.register()
        origins.register("payments", following.origins)
        undoing.register()
