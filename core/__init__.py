"""
Core: what every app stands on and no app owns.

Money and rounding, the five-line state machine, verdicts and domain errors, background work that
survives a crash, the form renderer and the template components. Words: *amount*, *unit price*,
*quantity*, *verdict*, *work*. Imports nothing of ours.
"""
