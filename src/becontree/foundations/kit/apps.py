from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "becontree.foundations.kit"
    label = "kit"
