"""
Signing in and out: the page, who guesses too often, known devices, and how long a session lasts.

May import models and operations of organizations; the views of organizations' other pages stand beside it.
"""
