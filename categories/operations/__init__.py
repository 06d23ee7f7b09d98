"""What can be done with responsibility: delegations."""
