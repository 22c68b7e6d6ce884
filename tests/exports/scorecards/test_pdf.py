"""The PDF: tagged for screen readers, the same bytes for the same data, text as text, every script or a clear no."""

import io
import re
import subprocess
import sys

import pikepdf
import pytest
from study_builders import NOON, answer_all, invite, make_definition, make_scored, make_study, text

from exports.errors import ExportError
from exports.scorecards.formats.pdf import scorecard_pdf
from exports.scorecards.report import build_report
from exports.scorecards.report.blocks import Picture, Table, ToDo
from exports.scorecards.results import build_results
from exports.typesetting import name_script
from forms.definition import Domain, Scorecard

TEN = make_definition(*(make_scored(f"q{n}", f"D{n}", core=n < 6) for n in range(10)))


def people(n, code=4):
    return [{f"q{d}": code - (place + d) % 3 for d in range(10)} for place in range(n)]


def build(**more):
    groups = {"community": people(20, 3), "ngo": people(12, 5), "donor": people(3), "school": people(4)}
    cases = invite({g: (len(found), len(found) + 5) for g, found in groups.items()})
    return build_results(make_study(TEN, answer_all(groups), cases=cases, labels=groups, **more))


@pytest.fixture(scope="module")
def results():
    return build(sample_data=True)


@pytest.fixture(scope="module")
def pdf(results):
    with pikepdf.open(io.BytesIO(scorecard_pdf(results))) as opened:
        yield opened


def walk(element):
    """Every structure element of a tagged PDF."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from walk(kid)


def find(pdf, kind):
    return [element for element in walk(pdf.Root.StructTreeRoot) if str(element.S) == kind]


def read_text(made, tmp_path):
    """The text in reading order, as a screen reader or a search finds it."""
    (tmp_path / "report.pdf").write_bytes(made)
    said = subprocess.run(["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, check=True)
    return said.stdout.decode()


def test_it_says_that_it_is_accessible(pdf):
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Autumn: scorecard"
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang).startswith("en")
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_everything_in_it_is_tagged(pdf):
    assert pdf.Root.StructTreeRoot.ParentTree is not None
    for page in pdf.pages:
        assert page.obj.StructParents >= 0
        assert page.obj.Tabs == "/S"


PAINTS = {"Tj", "TJ", "'", '"', "Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh"}
"""The operators of a page that put something on paper."""


def test_nothing_is_painted_that_is_neither_tagged_nor_an_artifact(pdf):
    for page in pdf.pages:
        depth = painted = 0
        for _, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += (name in ("BDC", "BMC")) - (name == "EMC")
            painted += name in PAINTS
            assert name not in PAINTS or depth > 0
        assert painted and depth == 0


def test_every_font_is_embedded_and_its_letters_can_be_read_out(pdf):
    for page in pdf.pages:
        for font in page.resources.get("/Font", {}).values():
            facts = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(facts.keys())
            assert "/ToUnicode" in font


def test_every_link_is_tagged_and_says_where_it_leads_and_every_header_cell_what_it_heads(pdf):
    links = [note for page in pdf.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
    assert len(links) == len(find(pdf, "/Link")) > 5
    assert all(str(link.Contents) and link.StructParent >= 0 for link in links)
    cells = find(pdf, "/TH")
    assert {str(part.Scope) for cell in cells for part in as_list(cell.A) if "/Scope" in part} == {"/Column"}


def as_list(found):
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def test_every_picture_is_told_in_words(pdf, results):
    pictures = [b for s in build_report(results).sections for b in s.blocks if isinstance(b, Picture)]
    figures = find(pdf, "/Figure")
    assert len(figures) == len(pictures) >= 2
    assert [str(figure.Alt) for figure in figures] == [picture.alternative for picture in pictures]


def test_every_table_has_header_cells_and_all_of_its_rows(pdf, results):
    blocks = [b for s in build_report(results).sections for b in s.blocks if isinstance(b, (Table, ToDo))]
    sizes = [
        (len(b.headings) + 2, len(b.lines)) if isinstance(b, ToDo) else (len(b.table.headings), len(b.table.rows))
        for b in blocks
    ]
    found = find(pdf, "/Table")
    assert len(found) == len(sizes)
    for element, (columns, rows) in zip(found, sizes, strict=True):
        parts = list(walk(element))
        assert len([part for part in parts if part.S == "/TH"]) == columns
        assert len([part for part in parts if part.S == "/TR"]) == rows + 1


def test_headings_stand_in_order_and_are_bookmarks_too(pdf, results):
    levels = [str(element.S) for element in walk(pdf.Root.StructTreeRoot) if re.fullmatch(r"/H\d", str(element.S))]
    assert levels[0] == "/H1"
    assert set(levels[1:]) == {"/H2"}
    with pdf.open_outline() as outline:
        assert [part.title for part in outline.root[0].children] == [s.title for s in build_report(results).sections]


def test_the_same_data_give_the_same_bytes(results):
    assert scorecard_pdf(results) == scorecard_pdf(results)
    assert scorecard_pdf(build(sample_data=True)) == scorecard_pdf(results)


def test_its_date_is_that_of_the_numbers(pdf, results):
    assert f"{results.card.study.computed_at:%Y%m%d}" in str(pdf.docinfo.CreationDate)
    assert results.card.study.computed_at > NOON


def test_sample_data_is_marked_on_paper_too(results, tmp_path):
    said = read_text(scorecard_pdf(results), tmp_path)
    assert said.index("Sample data") < said.index("Overall")


def test_names_are_text_and_never_markup(tmp_path):
    names = ("#panic()", "*bold* _x_", "$ x^2 $", "`raw`", "@ref <label>", "= heading", '#read("/etc/passwd")', "\\")
    made = scorecard_pdf(build(round_name=" ".join(names), partnership="<script>alert(1)</script>"))
    said = " ".join(read_text(made, tmp_path).split())
    for name in (*names, "<script>alert(1)</script>"):
        assert name in said


def label_a_domain(label):
    scored = [make_scored(f"q{n}", f"D{n}") for n in range(4)]
    definition = make_definition(*scored, domains=["D0"])
    domains = (Domain("D0", text(label)), *(Domain(f"D{n}", text(f"D{n}")) for n in range(1, 4)))
    object.__setattr__(definition, "scorecard", Scorecard(domains=domains))
    return build_results(make_study(definition, answer_all({"ngo": [{f"q{n}": 4 for n in range(4)}] * 12})))


@pytest.mark.parametrize(
    "label",
    [
        "Confiança é ótima",
        "Đồng thuận",
        "Доверие",
        "Εμπιστοσύνη",
        "الثقة والشفافية",
        "שקיפות",
        "اعتماد پشتو ټ",
        "≥95 · 7 €",
    ],
)
def test_these_scripts_need_no_font_of_the_machine(label, tmp_path):
    made = scorecard_pdf(label_a_domain(label))
    with pikepdf.open(io.BytesIO(made)) as opened:
        fonts = {str(font.BaseFont) for page in opened.pages for font in page.resources.get("/Font", {}).values()}
    assert all("Noto" in font for font in fonts)
    said = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", read_text(made, tmp_path))
    assert all(word in said for word in label.split())


def test_a_script_that_no_font_can_show_is_refused_by_its_name():
    with pytest.raises(ExportError, match=r"no font on this machine can show Cuneiform"):
        scorecard_pdf(label_a_domain("\N{CUNEIFORM SIGN AN}\N{CUNEIFORM SIGN KI}"))


def test_what_no_document_can_hold_is_replaced_and_the_rest_stays(tmp_path):
    made = scorecard_pdf(label_a_domain("a\x00b\x0b \ufeffTrust \ud800 e\u0301\u0302 \u202eabc"))
    assert "Trust" in read_text(made, tmp_path)


def test_scripts_have_names():
    assert [name_script(sign) for sign in "日दあ😀"] == ["CJK", "Devanagari", "Hiragana", "grinning face"]


def test_an_instrument_without_scores_is_a_report_too(tmp_path):
    made = scorecard_pdf(build_results(make_study(make_definition(), [])))
    assert "no scored questions" in read_text(made, tmp_path)


def test_a_web_page_starts_without_typst():
    code = "import sys, exports.scorecards.formats\nassert not {'typst', 'xlsxwriter'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
