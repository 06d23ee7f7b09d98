"""
History: purchases from elsewhere.

Words: *PurchaseHistoryLine* (an order line that another system has told about, in a file handed in to the register of
purchases), *price comparison* (prisjämförelse: what the same item cost before). May import procurement and what stands below it.
"""
