"""Charts: one accessible SVG for each kind; the same drawing serves page, print and file."""
