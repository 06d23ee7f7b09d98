"""What can be done with second factors."""
