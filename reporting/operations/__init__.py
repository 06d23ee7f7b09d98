"""What can be done in reporting: imports, baselines, savings, costs, reports."""
