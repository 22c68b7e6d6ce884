"""The catalogues of our own words: one `surveyapp.po` a language, written by people, and the `.mo` compiled from it."""
