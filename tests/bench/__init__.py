"""Benches: every figure is a ratio to a baseline measured in the same run; nothing here fails by the clock."""
