"""
A database as large as a big region's: what speed is measured on.

`tables` writes many rows with `INSERT … SELECT`; `catalogue`, `chain` and `history` are what is written. It stands on the
demo region's registers, and every value is drawn from the row's number, so that the same size gives the same rows.
"""
