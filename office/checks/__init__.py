"""The questions of whether a region is ready, by what they are about."""
