from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "becontree.foundations.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
