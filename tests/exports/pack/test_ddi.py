"""DDI-Codebook 2.5: elements in the order of its schema, and no number on fewer than k people.

The schema itself comes with no package that we may install, so its order of elements is written down here.
"""

import io
import re
import zipfile

import pytest
from export_files import GIVEN, KINDS, write_file
from lxml import etree
from study_builders import DK, invite, make_response, make_study

NAMESPACE = "{ddi:codebook:2_5}"
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "rspStmt": "AuthEnty othId",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "verStmt": "version verResp notes",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe dataKind",
    "method": "dataColl notes anlyInfo stdyClas dataProcessing codingInstructions",
    "dataColl": "timeMeth dataCollector collectorTraining frequenc sampProc sampleFrame targetSampleSize deviat "
    "collMode resInstru instrumentDevelopment sources collSitu actMin ConOps weight cleanOps",
    "anlyInfo": "respRate EstSmpErr dataAppr",
    "dataAccs": "setAvail useStmt notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions disclaimer",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCitation dataFingerprint fileCont fileStrc dimensns fileType format",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod universe "
    "TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation varFormat geoMap catLevel "
    "notes",
    "qstn": "preQTxt qstnLit postQTxt forward backward ivuInstr",
    "valrng": "range item key notes",
    "invalrng": "range item key notes",
    "catgry": "catValu labl txt catStat mrow",
}
LEAVES = set(" ".join(ORDER.values()).split()) | {"range"}


def write(people=(), level="restricted", **facts):
    data = write_file(make_study(KINDS, people, **facts), "pack", level=level)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read("metadata/ddi-codebook.xml"))


def find(root, path):
    return root.xpath(path.replace("//", "//d:"), namespaces={"d": "ddi:codebook:2_5"})


def people(*values):
    return [make_response(number, "ngo", {**GIVEN, "clear": value}) for number, value in enumerate(values)]


@pytest.mark.parametrize("level", ["summary", "research", "restricted"])
def test_elements_stand_in_the_order_of_the_schema(level):
    root = write(people(*range(1, 6), *[DK] * 6), level, cases=invite({"ngo": (11, 20)}), sms_in_use=True)
    assert (root.tag, root.get("version")) == (NAMESPACE + "codeBook", "2.5")
    for element in root.iter():
        name = element.tag.removeprefix(NAMESPACE)
        children = [child.tag.removeprefix(NAMESPACE) for child in element]
        allowed = ORDER.get(name, "").split()
        assert set(children) <= set(allowed), name
        assert children == sorted(children, key=allowed.index), name
        assert name in LEAVES | {"codeBook"}
        assert (element.text or "").strip() or len(element) or name in ("range", "varFormat"), name


def test_ids_are_names_and_stand_once_and_references_lead_to_them():
    root = write(people(1, 2, 3, 4, 5))
    ids = root.xpath("//@ID")
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", id_) for id_ in ids)
    assert set(root.xpath("//@files")) <= set(ids)
    assert set(root.xpath("//@type")) <= {"vald", "invd", "mean", "stdev", "freq", "numeric", "character"}
    assert set(root.xpath("//@nature")) <= {"nominal", "ordinal", "ratio"}


def test_a_variable_has_its_question_its_categories_and_its_missing_range():
    (clear,) = [var for var in find(write(), "//var") if var.get("name") == "clear"]
    assert find(clear, ".//qstnLit")[0].text == "Question clear"
    assert find(clear, ".//range")[0].attrib == {"min": "1", "max": "5"}
    assert find(clear, ".//range")[1].attrib == {"min": "-99", "max": "-91"}
    missing = [c for c in find(clear, ".//catgry") if c.get("missing") == "Y"]
    assert [find(c, ".//catValu")[0].text for c in missing] == [str(code) for code in range(-99, -90)]


def test_no_number_stands_on_fewer_than_k():
    few = write(people(1, 2, 3, 4), "research")
    (clear,) = [var for var in find(few, "//var") if var.get("name") == "clear"]
    assert find(clear, ".//sumStat") == []
    assert [c.text for c in find(clear, ".//catStat") if c.text != "0"] == []
    enough = write(people(*[1] * 5, *[5] * 6), "research")
    (clear,) = [var for var in find(enough, "//var") if var.get("name") == "clear"]
    assert {s.get("type"): s.text for s in find(clear, ".//sumStat")}["vald"] == "11"
    assert [c.text for c in find(clear, ".//catStat")][:5] == ["5", "0", "0", "0", "6"]


def test_a_summary_has_no_number_that_could_be_subtracted_from_those_of_the_scorecard():
    root = write(people(*[1] * 5, *[5] * 6), "summary")
    assert find(root, "//sumStat") + find(root, "//catStat") == []


def test_an_odd_character_in_a_name_does_not_break_the_xml():
    assert write(round_name="a\x0bb\ufffec") is not None
