"""
Procurement: the chain from a need to a delivery.

Words: *Requisition* (beställning; a basket until it is submitted), *RequisitionLine*, *BudgetAttest* (attest),
*LineDecision* (beslut), *PurchaseOrder* (inköpsorder), *OrderLine*, *Allocation* (the part of an order line that
belongs to a requisition line), *Receipt* (mottagning) and *ReceiptLine*. May import catalog, categories,
organizations, audit, core.
"""
