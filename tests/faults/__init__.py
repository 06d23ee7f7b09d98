"""What happens when something is killed: real processes, real servers, nothing pretended."""
