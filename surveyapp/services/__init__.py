"""The verbs: plain functions, session first, `now` an argument; they never commit and know no HTTP."""
