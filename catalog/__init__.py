"""
Catalog: what can be ordered.

Words: *Item* (artikel) and its life cycle, *Price* (item, agreement, supplier, period), *ItemCeiling*
(takvolym per item), *Substitution* (ersättning), *Synonym*, *Favourite* (favorit). May import categories, organizations,
audit, core.
"""
