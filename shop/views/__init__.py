"""Pages of the shop, one module per noun."""
