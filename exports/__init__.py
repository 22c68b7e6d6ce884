"""Floor 2, the study: responses in, tables, scores and files out; pandas lives here, no app and no tables of ours."""
