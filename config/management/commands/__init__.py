"""Commands that run the program."""
