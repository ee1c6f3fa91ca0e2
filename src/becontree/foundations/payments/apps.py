from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "becontree.foundations.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.payments import limits, undoing

        limits.register()
        undoing.register()
