"""JSON for programs: columns explained, texts as they were, numbers with all their digits."""

import json
from dataclasses import replace
from decimal import Decimal

from export_files import write_file
from study_builders import DK, make_definition, make_question, make_response, make_study

from forms.definition import Repeat, Section
from forms.values import Row

DEFINITION = make_definition(
    make_question("clear"), make_question("change", "decimal"), make_question("idea", "text"), domains=("D",)
)


def read(*responses, definition=DEFINITION, **options):
    return json.loads(write_file(make_study(definition, responses), "json", **options), parse_float=Decimal)


def test_an_empty_round_is_whole_json():
    content = read()
    assert (content["round"], content["tables"]["responses"]["rows"]) == ("autumn25", [])


def test_texts_are_bare_and_a_missing_code_is_a_number_even_in_a_text():
    rows = read(
        make_response(1, None, {"clear": 4, "change": Decimal("-2.50"), "idea": "-98"}),
        make_response(2, None, {"clear": DK, "change": DK, "idea": DK}),
    )["tables"]["responses"]["rows"]
    assert (rows[0]["clear"], rows[0]["idea"], str(rows[0]["change"])) == (4, "-98", "-2.50")
    assert (rows[1]["clear"], rows[1]["idea"], rows[1]["change"], rows[1]["change__st"]) == (-98, -98, None, -98)


def test_every_column_is_explained():
    variables = {v["name"]: v for v in read()["tables"]["responses"]["variables"]}
    assert variables["clear"]["values"][0] == {"value": 1, "label": "Point 1"}
    assert (variables["clear"]["measure"], variables["change"]["measure"]) == ("ordinal", "scale")
    assert variables["clear"]["label"] == "Question clear"


def test_a_repeat_is_a_table_of_its_own():
    section = Section(id="people", questions=(make_question("near"),), repeat=Repeat(over="entries"))
    definition = replace(DEFINITION, sections=(*DEFINITION.sections, section))
    response = make_response(1, None, {"clear": 4}, rows={"people": (Row("x1", {"near": 2}),)})
    tables = read(response, definition=definition)["tables"]
    assert tables["people"]["rows"] == [{"response_id": "r00001", "row": "x1", "row_name": None, "near": 2}]
    assert "near" not in tables["responses"]["rows"][0]
