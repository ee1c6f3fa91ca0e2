from django.apps import AppConfig
from django.core import checks


class KitConfig(AppConfig):
    name = "becontree.foundations.kit"
    label = "kit"

    def ready(self) -> None:
        from becontree.foundations.kit import triggers, words

        words.install()
        checks.register(triggers.check_guards, checks.Tags.database)
