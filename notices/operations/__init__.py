"""What can be done with notices: tell, gather for the morning, send, read, choose, forget."""
