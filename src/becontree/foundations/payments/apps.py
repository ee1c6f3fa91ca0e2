from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "becontree.foundations.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.ledger import origins, together
        from becontree.foundations.payments import following, limits, undoing

        limits.register()
        gifts = ("payment", "payment-fee", "refund-owed", "refund", "dispute", "bank-line")
        together.register("payments", together.Room(kinds=gifts, unnamed=("bank-match",)))
        origins.register("payments", following.origins)
        undoing.register()
