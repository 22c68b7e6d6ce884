"""Formulas as small functions: numbers in, numbers out. Each names its source and is held to worked examples."""
