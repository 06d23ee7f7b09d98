"""What a supplier receives: the order as PDF and as CSV, both made from the same facts (always in Swedish)."""
