"""The shape of what an orderer types."""
