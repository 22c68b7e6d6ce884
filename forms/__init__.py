"""Floor 1, the engine: a definition and answers in, the next thing to ask out; no app, no SQL, no clock, no network."""
