"""DDI-Codebook 2.5: elements in the order of its schema, and no number on fewer than k people.

The schema itself is under the LGPL and comes with no package, so what it asks of the elements that we write is written
down here: their order, what may stand once, what must stand, which attributes there are and what they may say.
"""

import io
import re
import zipfile

import pytest
from export_files import GIVEN, KINDS, write_file
from instruments import DEFINITIONS
from lxml import etree
from study_builders import DK, invite, make_response, make_study

from exports.options import Options
from exports.pack.archive import Archive
from exports.pack.contents import Contents
from exports.pack.parts.ddi import write_ddi

NAMESPACE = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
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
ONCE = {
    "citation": {"titlStmt", "rspStmt", "prodStmt", "distStmt"},
    "titlStmt": {"titl"},
    "stdyInfo": {"qualityStatement"},
    "method": {"anlyInfo"},
    "fileDscr": {"locMap"},
    "fileTxt": {"fileCitation", "fileCont", "fileStrc", "dimensns"},
    "dimensns": {"caseQnty", "varQnty", "logRecL", "recPrCas", "recNumTot"},
    "var": {"derivation", "varFormat"},
    "catgry": {"catValu", "mrow"},
}
"""What may stand once in a parent; everything else may be repeated."""
NEEDED = {"codeBook": "stdyDscr", "stdyDscr": "citation", "citation": "titlStmt", "titlStmt": "titl"}
NEEDED_ATTRIBUTES = {"var": "name", "sumStat": "type"}
RANGED = {"valrng", "invalrng"}
YES_NO, EVENTS = {"Y", "N"}, {"start", "end", "single"}
STATISTICS = {"mean", "medn", "mode", "vald", "invd", "min", "max", "stdev", "other"}
NATURES = {"nominal", "ordinal", "interval", "ratio", "percent", "other"}
ATTRIBUTES = {
    "codeBook": {"version": {"2.5"}, "codeBookAgency": None},
    "IDNo": {"agency": None, "level": None},
    "version": {"date": None, "type": None},
    "prodDate": {"date": None},
    "abstract": {"date": None, "contentType": {"abstract", "purpose", "mixed"}},
    "collDate": {"date": None, "event": EVENTS, "cycle": None},
    "fileType": {"charset": None},
    "labl": dict.fromkeys(("level", "vendor", "country", "sdatrefs")),
    "var": {"name": None, "files": None, "intrvl": {"contin", "discrete"}, "nature": NATURES},
    "range": {"min": None, "max": None, "UNITS": {"INT", "REAL"}},
    "sumStat": {"type": STATISTICS, "wgtd": {"wgtd", "not-wgtd"}},
    "catgry": {"missing": YES_NO, "missType": None},
    "catStat": {"type": {"freq", "percent", "crosstab", "other"}},
    "varFormat": {"type": {"numeric", "character"}},
}
"""Element -> the attributes that it may have beside ID and language, with the values that are allowed, none: any."""


def write(people=(), level="restricted", **facts):
    data = write_file(make_study(KINDS, people, **facts), "pack", level=level)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read("metadata/ddi-codebook.xml"))


def find(root, path):
    return root.xpath(path.replace("//", "//d:"), namespaces={"d": "ddi:codebook:2_5"})


def people(*values):
    return [make_response(number, "ngo", {**GIVEN, "clear": value}) for number, value in enumerate(values)]


def check(root):
    """What the schema of DDI-Codebook 2.5 asks of all that we write."""
    assert root.tag == NAMESPACE + "codeBook"
    for element in root.iter():
        name = element.tag.removeprefix(NAMESPACE)
        children = [child.tag.removeprefix(NAMESPACE) for child in element]
        allowed = ORDER.get(name, "").split()
        assert set(children) <= set(allowed), name
        assert children == sorted(children, key=allowed.index), name
        assert all(children.count(once) <= 1 for once in ONCE.get(name, ())), name
        assert NEEDED.get(name) is None or NEEDED[name] in children, name
        assert name not in NEEDED_ATTRIBUTES or element.get(NEEDED_ATTRIBUTES[name]), name
        assert name not in RANGED or {"range", "item"} & set(children), name
        assert name in LEAVES | {"codeBook"}
        assert (element.text or "").strip() or len(element) or name in ("range", "varFormat"), name
        for attribute, value in element.attrib.items():
            if attribute in ("ID", LANG, SCHEMA_LOCATION):
                continue
            values = ATTRIBUTES[name][attribute]
            assert values is None or value in values, (name, attribute, value)


@pytest.mark.parametrize("level", ["summary", "research", "restricted"])
def test_elements_stand_in_the_order_of_the_schema(level):
    check(write(people(*range(1, 6), *[DK] * 6), level, cases=invite({"ngo": (11, 20)}), sms_in_use=True))


@pytest.mark.parametrize("level", ["summary", "research", "restricted"])
@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_every_instrument_is_described_as_the_schema_wants_it(name, level):
    stream = io.BytesIO()
    archive = Archive(stream)
    contents = Contents(whole=make_study(DEFINITIONS[name], []), options=Options(level=level), archive=archive)
    write_ddi(contents)
    archive.close()
    with zipfile.ZipFile(stream) as made:
        root = etree.fromstring(made.read("metadata/ddi-codebook.xml"))
    check(root)
    ids = root.xpath("//@ID")
    assert len(ids) == len(set(ids))
    files = [text.text for text in find(root, "//fileName")]
    assert len(files) == (0 if level == "summary" else 1 + len(DEFINITIONS[name].repeats))


def test_ids_are_names_and_stand_once_and_references_lead_to_them():
    root = write(people(1, 2, 3, 4, 5))
    ids = root.xpath("//@ID")
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", id_) for id_ in ids)
    assert set(root.xpath("//@files")) <= set(ids)


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
