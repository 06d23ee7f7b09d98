"""
Assortment: what should be in it, decided with those who use it.

Words: *Proposal* (förslag: somebody wants an item in, exchanged or out), *CouncilSeat* and council (sortimentsråd: people of
the operation who vote in a category), *Vote* (röst), *ProposalDecision* (beslut, kept for ever), *MissedSearch* (sökning utan
träff), *Candidate* (standardiseringskandidat: the same thing bought under several numbers or names). May import history and what stands below it.
"""
