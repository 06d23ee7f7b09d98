"""The pictures of the annex: what they answer, that the same numbers stand in words, and that all four formats have them."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from reporting.models import FileKind, FollowUpReport, Indicator, ReportFile
from reporting.report.annex_pictures import Scale, pictures
from reporting.report.case import compose
from reporting.report.content import Content, content_of
from reporting.report.difference import differences
from reporting.report.document import Paragraph, Picture
from reporting.report.pictures import picture_png, picture_svg
from tests.cast import Cast
from tests.reporting import follow_ups
from tests.reporting.test_report_document import AMOUNTS, INDICATORS, NOTHING, SNAPSHOT, changed, indicator

QUESTIONS = [
    "Hur mycket är hemtaget?",
    "När kom pengarna?",
    "Var kom pengarna?",
    "Köper förvaltningarna på avtalen?",
    "Vilka avtal börjar ta slut?",
]
EMPTY: dict[str, Any] = {
    "effects": {part: NOTHING | {"url": "/", "plan_url": "/"} for part in ("net", "increase", "decrease")},
    "categories": [],
    "quarters": [{"quarter": 1, "lines": 0, "budget": "0.00", "avoided": "0.00", "before": "0.00"}],
    "administrations": [],
}


def picture(snapshot: dict[str, Any], key: str) -> Picture:
    return next(each for each in pictures(snapshot) if isinstance(each, Picture) and each.key == key)


def words(snapshot: dict[str, Any], key: str) -> str:
    return picture(snapshot, key).words.replace("\u00a0", " ")


def test_each_picture_answers_a_question_in_words_too() -> None:
    assert "3,4 MSEK hemtaget, och planen till samma dag är 3,8 MSEK" in words(SNAPSHOT, "progress")
    assert "Kvartal 1: budgeteffekt 2,60 MSEK, undvikna höjningar 0,15 MSEK" in words(SNAPSHOT, "quarters")
    assert "Undvikna höjningar ingår inte i budgeteffekten." in words(SNAPSHOT, "quarters")
    assert "Sjukvårdsmaterial: 3,40 MSEK hemtaget, planen var 3,82 MSEK." in words(SNAPSHOT, "categories")
    assert "Hälso- och sjukvårdsförvaltningen: 91,4 %." in words(SNAPSHOT, "administrations")
    assert "Teknikförvaltningen" not in words(SNAPSHOT, "administrations")


def test_every_number_of_a_picture_stands_in_its_words() -> None:
    for each in pictures(SNAPSHOT):
        if isinstance(each, Picture):
            assert not [bar.text for group in each.groups for bar in group.bars if bar.text not in each.words]


def test_what_there_is_nothing_to_draw_of_is_a_sentence() -> None:
    blocks = pictures(changed(**EMPTY))
    assert all(isinstance(block, Paragraph) for block in blocks)
    assert [
        block.text.partition("?")[0] + "?" for block in blocks if isinstance(block, Paragraph)
    ] == QUESTIONS


def test_the_plan_is_hatched_what_came_is_filled_and_what_was_avoided_stands_apart() -> None:
    tones = [bar.tone for bar in picture(SNAPSHOT, "progress").groups[0].bars]
    assert tones == ["plan", "plan", "realised"]
    first, second = picture(SNAPSHOT, "quarters").groups
    assert [bar.tone for bar in first.bars] == ["realised", "apart", "before"]
    assert [bar.tone for bar in second.bars] == ["realised", "increase"]


def test_what_is_avoided_or_of_the_year_before_is_left_out_where_it_would_read_as_nothing() -> None:
    quarters = [{"quarter": 1, "lines": 1, "budget": "2000000.00", "avoided": "4.00", "before": "0.00"}]
    it = picture(changed(quarters=quarters), "quarters")
    assert [bar.label for bar in it.groups[0].bars] == ["Budgeteffekt"]
    assert "ndvikna" not in it.words
    assert it.words.endswith("räknas till och med 30\u00a0april 2021.")


def test_a_target_is_drawn_and_said() -> None:
    targets = [
        indicator(each, "80.1", "70", ("at_least", "85")) if each == Indicator.LOYALTY else other
        for each, other in zip(Indicator, INDICATORS, strict=True)
    ]
    it = picture(changed(indicators=targets), "administrations")
    assert it.mark.replace("\u00a0", " ") == "Mål, minst 85 %"
    assert it.groups[0].bars[0].mark == "0.8500"


def test_many_categories_are_put_together_and_their_sums_kept() -> None:
    many = [SNAPSHOT["categories"][0] | {"name": f"K{n}", "realised": f"{n}.00"} for n in range(1, 12)]
    groups = picture(changed(categories=many), "categories").groups
    assert [group.name for group in groups][-2:] == ["K5", "Övriga fyra kategorier"]
    assert groups[-1].bars[0].text.replace("\u00a0", " ") == "15,3 MSEK"


def test_a_scale_has_zero_on_it_and_increases_to_the_left() -> None:
    scale = Scale([Decimal(-100), Decimal(300)])
    bar = scale.bar("", Decimal(-100), "increase", "")
    assert (scale.at(Decimal(0)), bar.starts, bar.ends) == ("0.2500", "0.0000", "0.2500")


@pytest.mark.parametrize("name", ["😀 中文 \x00\x0b", "x" * 5000, "", "#panic() $ ` </svg>", "Ord " * 60])
def test_whatever_a_category_is_called_it_is_drawn_alike_each_time(name: str) -> None:
    it = picture(changed(categories=[SNAPSHOT["categories"][0] | AMOUNTS | {"name": name}]), "categories")
    for width in ("wide", "narrow"):
        assert picture_svg(it, width=width) == picture_svg(it, width=width)
    assert picture_png(it) == picture_png(it)
    with Image.open(BytesIO(picture_png(it))) as image:
        assert image.width == 1225


def content(report: FollowUpReport, kind: FileKind) -> BytesIO:
    return BytesIO(ReportFile.objects.made_of(report).get(kind=kind).content.open().read())


def test_all_files_have_the_same_pictures_with_their_words(cast: Cast) -> None:
    report = follow_ups.built(cast)
    images = compose(content_of(report)).pictures
    assert [each.key for each in images] == ["progress", "quarters", "categories", "administrations"]
    word = docx.Document(content(report, FileKind.ANNEX))
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert described == [each.alt for each in images]
    sheet: Any = openpyxl.load_workbook(content(report, FileKind.XLSX))["Bilder"]
    assert len(sheet._images) == len(images)
    cells = [str(row[0]) for row in sheet.iter_rows(values_only=True)]
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    pdf = " ".join(page.extract_text() for page in PdfReader(content(report, FileKind.PDF)).pages)
    for each in images:
        assert each.words in cells
        assert each.words in text
        assert "".join(each.words.split()) in "".join(pdf.split())


def test_the_page_shows_the_pictures_to_those_who_may_read_the_report(client: Client, cast: Cast) -> None:
    report = follow_ups.built(cast)
    client.force_login(cast.head)
    page = client.get(report.get_absolute_url()).content.decode()
    address = reverse("reporting:report_picture", args=[report.pk, "quarters"])
    assert f'src="{address}"' in page
    wide, narrow = client.get(address), client.get(f"{address}?bredd=narrow")
    assert wide["Content-Type"] == "image/svg+xml"
    assert wide.content.startswith(b"<svg")
    assert narrow.content != wide.content
    assert client.get(reverse("reporting:report_picture", args=[report.pk, "ceilings"])).status_code == 404
    client.force_login(cast.requester)
    assert client.get(address).status_code == 404


def test_a_locked_report_is_drawn_the_same_from_what_is_frozen(cast: Cast) -> None:
    report = follow_ups.locked(cast)
    before = [picture_png(each) for each in compose(content_of(report)).pictures]
    cast.medical.name = "Ett annat namn"
    cast.medical.save()
    again = FollowUpReport.objects.get(pk=report.pk)
    assert [picture_png(each) for each in compose(content_of(again)).pictures] == before


def test_pictures_are_compared_between_versions_by_their_words() -> None:
    quarters = [SNAPSHOT["quarters"][0] | {"budget": "2500000.00"}, SNAPSHOT["quarters"][1]]
    before, after = (compose(Content(each, {})) for each in (SNAPSHOT, changed(quarters=quarters)))
    (difference,) = (each for each in differences(before, after) if each.name == "När kom pengarna?")
    assert "budgeteffekt 2,50" in difference.after
