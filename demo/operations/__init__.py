"""
What can be done with the demo region: it can be loaded, once.

`loading` is the verb; `region` hands in the registers, `purchases` the imported history, `present` lives the last weeks
by performing the real operations at moments before today, and `results` has baselines, register and report made.
"""
