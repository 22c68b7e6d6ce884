"""What is not an opinion: counts and yes/no evidence, each panel by its own arithmetic, never averaged into domains."""
