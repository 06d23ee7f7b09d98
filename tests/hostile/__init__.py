"""Whatever is sent, nothing of ours fails."""
