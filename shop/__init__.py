"""
Shop: pages of those who order.

Start, catalogue, basket, my orders, receiving, favourites, accounts and departments, with their forms. What an orderer
sees of the assortment is put together in ``shelf``, what she usually orders in ``habits``, her basket in ``carts``, and
what will happen to it in ``forecast``. Writes nothing itself: every act is an operation of a lower app. May import
reporting and what stands below it, never desk.
"""
