"""Pages of categories: who answers for what, and the agreements."""
