"""
The follow-up report (återrapport): figures are frozen once, and everything that is read is made from them.

*snapshot* gathers the figures and *lines* the delivered lines behind them; *document* puts them into words and
tables (pure), and *pdf*, *word*, *excel* and the page only draw that document. The document is always in Swedish,
whatever language the person who reads the page has chosen: it is the board's.
"""
