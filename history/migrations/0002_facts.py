"""What another system has told about a purchase is kept as it came."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial"), ("core", "0001_extensions")]
    operations = [append_only("history_purchasehistoryline")]
