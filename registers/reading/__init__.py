"""From a file that was handed in to lines of cells, whatever program made it."""
