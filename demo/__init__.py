"""
Demo: a region to try the program on.

Region Gotland with its administrations, departments, people, categories, suppliers, agreements, assortment and purchases
from November 2018 to November 2020, and beside that history a present that is counted from the day of loading.
`manage.py load_demo` brings it in, once, into an empty database where settings.DEMO is true.

The inputs are the CSV files of `demo/data`; `data` reads them, `history` unfolds them to delivered lines, `region` and
`present` write them down. No result is stored: savings and reports are computed like anybody's.

What is real: the region's name and organisation number, the administrations' names, the CPV codes (EU, CC BY 4.0) and
the suppliers' names, which are public record in Upphandlingsmyndigheten's statistics of contracted tenders 2021 (CC0).
What is made up: people, prices, volumes, agreements, addresses and the shops that some go on buying from. The suppliers'
organisation numbers come from the series 550000 that no company has, their e-mail addresses end in `.example`, and GTIN
and GLN begin with 952, which GS1 keeps for examples. "Gotlands Tjänsteresor Exempel AB" does not exist.

May import every other app except config.
"""
