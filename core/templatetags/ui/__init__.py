"""
The components of the interface, one tag each. The gallery at ``/komponenter/`` shows them all.

One module per family, each with a library of its own; ``{% load ui %}`` brings them all. Small parts are written here,
larger ones in ``templates/components``. A component never queries: it draws what it is given.
"""

from django import template

from core.templatetags.ui import figures, forms, navigation, papers, pictures, progress, statuses

register = template.Library()

for family in (pictures, statuses, papers, forms, navigation, figures, progress):
    register.tags.update(family.register.tags)
    register.filters.update(family.register.filters)
