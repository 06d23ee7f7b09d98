"""Pages of second factors: on the way in, and a person's own."""
