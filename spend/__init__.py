"""
Spend (inköpsvolym enligt reskontran): what the region's ledger has booked, and what of it was bought beside the system.

Words: *BookedCost* (bokförd kostnad: one row of a ledger, as the accounting system or the supplier ledger tells it), *AccountMeaning*
(kontots betydelse: a category, a purchase without one, or no purchase), *SupplierMatch* (leverantörens motsvarighet: which of our
suppliers a ledger's supplier is), *beside the system* (vid sidan av systemet: booked purchases less what was ordered and received
here). Facts are never rewritten: meanings and matches are decided by people, and rows are read through them. May import
reporting and what stands below it.
"""
