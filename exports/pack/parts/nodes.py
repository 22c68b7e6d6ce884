"""`data/stakeholders.csv` of a network: the organisations of the roster, which the rows of `ties.csv` lead to."""

from __future__ import annotations

from exports.delimited import write_rows
from exports.pack.contents import Contents, Resource, list_fields
from exports.pack.parts.data import NODES, WIDE
from exports.rosters import find_type
from exports.scorecards.panels import NETWORK
from exports.scorecards.panels.network import read_answers
from exports.table import list_included


def write_nodes(contents: Contents) -> None:
    """Write the organisations, as codes where names may not be told; each with the response that counts for it."""
    if not contents.has_rows or not NETWORK.fits(contents.whole.definition):
        return
    study, title = contents.study, "The organisations that are asked about; ties.csv has what each says of the others"
    kept = {response.response_id for response in list_included(study, contents.options)}
    by = {entry: response for entry, response in read_answers(study).responses.items() if response in kept}
    with contents.archive.open(NODES, title) as stream:
        rows = ([entry.id, entry.name, find_type(entry), by.get(entry.id, "")] for entry in study.roster)
        write_rows(stream, ("id", "name", "type", "response_id"), rows, set())
    fields = list_fields(
        ("id", "string", "What stands in the column row of ties.csv"),
        ("name", "string", "Name; empty where it may not be told"),
        ("type", "string", "Type of organisation, as the roster has it"),
        ("response_id", "string", "The response for this organisation; empty where nobody answered for it"),
    )
    keys = {"response_id": (WIDE, "response_id")}
    contents.describe(Resource(path=NODES, title=title, fields=fields, primary_key=["id"], foreign_keys=keys))
