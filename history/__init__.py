"""
History: purchases from elsewhere.

Words: *PurchaseImport* (a file being brought in), *ImportRefusal* (a row that could not be), *PurchaseHistoryLine* (an
imported order line), *price comparison* (prisjämförelse: what the same item cost before). May import procurement and
what stands below it.
"""
