"""
PostgreSQL, Valkey and the processes of `Procfile` on one computer, for development and tests.

No part of the product: production names its servers in DATABASE_URL and REDIS_URL and has neither this package nor the
wheels that it needs (`laptop` in pyproject.toml). The product imports it only where DATABASE_URL is not set.
"""
