"""
What the board and the director have decided and asked for, and how far it has come.

Words: guideline (riktlinje) with its paragraphs, recommendation of an audit (revisionens rekommendation), board assignment
(uppdrag), implementation plan (genomförandeplan) with its activities and the onboarding of each administration (införande).

A paragraph names the rules of the program that it stands behind, by the codes of their refusals; whoever is refused is
shown the paragraph (``core.citations``). Recommendations, assignments and plans can be asked how they stood on a day.
Imports notices, organizations, audit and core. See docs/adr/0061.
"""
