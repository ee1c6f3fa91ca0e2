from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "becontree.foundations.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.kit import triggers
        from becontree.foundations.record import checks  # noqa: F401 - registers them
        from becontree.foundations.record.guards import GUARDS

        triggers.guard(self, GUARDS)
