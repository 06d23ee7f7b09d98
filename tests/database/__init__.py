"""PostgreSQL as the tests use it: facts are kept there too, except when a test's own are cleared away."""
