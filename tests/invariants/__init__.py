"""What must hold after any chain of acts, asked of the database itself."""
