"""The demonstration: rounds of an example partnership whose synthetic answers came in by the real paths."""
