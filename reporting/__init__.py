"""
Reporting: what it gave.

Words: *DeliveredLine* (a received or imported
line, one view over both), *SavingInitiative*, *Baseline* (baslinje), *Saving* (one line of the append-only
savings register), *OrganisationCost*, *FollowUpReport* (återrapport). Reads the lower apps' models and pure
modules, never their operations.
"""
