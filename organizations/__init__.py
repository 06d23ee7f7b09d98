"""
Organizations: who.

Words: *Authority* (upphandlande myndighet), *Administration* (förvaltning), *Department* (enhet, with its
ansvar code), *DeliveryPlace* (leveransplats), *AccountingCode* (konto, verksamhet, projekt), *User*,
*Membership* (a role, where, up to which amount, when), *Delegation*, *Absence* (frånvaro).
May import audit and core.
"""
