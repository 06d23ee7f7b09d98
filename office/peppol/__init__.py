"""What suppliers send through Peppol and a person hands in: catalogues of BIS Catalogue 3."""
