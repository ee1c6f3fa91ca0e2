from django.apps import AppConfig


class GivingConfig(AppConfig):
    name = "becontree.citizenship.giving"
    label = "giving"
    default_auto_field = "django.db.models.BigAutoField"
