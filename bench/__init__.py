"""
Benchmarks: the chain through HTTP and in process, beside the same rows written by plain SQL.

``make bench`` runs ``python -m bench`` on servers of its own and writes ``bench/RESULTS.md``. Ratios of one run are
what counts; the rates are those of the machine and the minute.
"""
