"""What can be done with people: absences and API keys."""
