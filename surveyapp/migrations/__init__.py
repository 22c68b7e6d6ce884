"""Migrations of the tables, one file each; `surveyapp db upgrade` runs them."""
