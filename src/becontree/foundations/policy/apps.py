from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "becontree.foundations.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.kit import triggers
        from becontree.foundations.policy import (
            borrowed,
            checks,  # noqa: F401 - registers them
        )

        borrowed.bring()

        triggers.guard(self, triggers.append_only("policy_councilsetting"))
