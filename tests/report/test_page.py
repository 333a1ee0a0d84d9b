from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from packshot.contracts.base import ReviewReason
from packshot.contracts.records import ImageRecord
from packshot.contracts.stages import ComplianceResult
from packshot.report.page import render, stream
from packshot.report.selection import select
from packshot.report.words import REASONS
from tests.report.samples import bad_line, batch, failed_record, jpeg, record, review_record, rule

NOTHING = (None, None)
PICTURE = jpeg(60, 60)
HOSTILE = "\"><script>alert(1)</script>&lt;'</script><img src=x onerror=alert(1)>"


def page(*records: ImageRecord, pictures=lambda _: NOTHING) -> str:
    return render(batch(len(records)), records, pictures)


class Elements(HTMLParser):
    """Every element with its attributes, in order; void ones and text aside, and that all are closed."""

    VOID = frozenset({"meta", "img", "input", "br", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def of(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.all if name == tag)


@pytest.fixture
def full() -> str:
    images = [record(0), review_record(1, *ReviewReason), failed_record(2), bad_line(7)]
    return page(*images, pictures=lambda _: (PICTURE, PICTURE))


def test_nothing_is_asked_of_any_network(full: str) -> None:
    elements = Elements(full)
    for tag, attributes in elements.all:
        for name in ("src", "href", "srcset", "action", "poster", "data"):
            value = attributes.get(name)
            if value is not None:
                assert value.startswith(("data:image/", "#", "./")), (tag, name, value)
    assert not re.search(r"url\(|@import", full)
    assert not list(elements.of("link"))


def test_the_policy_allows_this_style_and_this_script_and_no_others(full: str) -> None:
    elements = Elements(full)
    policy = next(a["content"] for a in elements.of("meta") if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; img-src data:; ")
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", full, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    for _, attributes in elements.all:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


def test_it_says_what_became_of_the_images(full: str) -> None:
    assert "1 of 4 photos is ready" in full
    assert "1 photo waits for your eye" in full
    assert "2 failed" in full


def test_bad_lines_are_listed_in_order_and_are_no_cards() -> None:
    text = page(record(0), bad_line(12), bad_line(3))
    section = text[text.index('id="lines"') : text.index('id="images"')]
    assert re.findall(r'<td class="num">(\d+)</td>', section) == ["3", "12"]
    assert text.count('<article class="card') == 1
    assert "more;" not in section
    assert '<a href="#lines"><b>Row value missing' in text
    assert 'id="index"' not in text, "two images and two lines need no list of every image"
    many = page(*(bad_line(line) for line in range(1, 251)))
    assert "and 50 more; <code>packshot validate</code>" in many
    assert '<td class="num">200</td>' in many
    assert '<td class="num">201</td>' not in many


def test_every_reason_stands_in_plain_words(full: str) -> None:
    for words in REASONS.values():
        assert html.escape(words.sentence, quote=False).replace("'", "&#39;") in full
    assert "The picture&#39;s file ends too early" in full


def test_all_ready_needs_nobody() -> None:
    text = page(record(0), record(1))
    assert "All 2 photos are ready" in text
    assert "Nothing waits for you." in text
    assert 'id="attention"' not in text
    assert "The photo is ready" in page(record(0))


def test_an_empty_batch_is_a_page_too() -> None:
    assert "No photos yet" in page()


def test_hostile_names_stay_text() -> None:
    image = record(0, sku_id=HOSTILE, product_group_id=HOSTILE, source=HOSTILE, image_type=HOSTILE[:60])
    bad = failed_record(1, sku_id=HOSTILE)
    text = page(image, bad, pictures=lambda _: (PICTURE, PICTURE))
    elements = Elements(text)
    assert len(list(elements.of("script"))) == 1
    assert all("onerror" not in attributes for attributes in elements.of("img"))
    assert all((a.get("src") or "").startswith("data:") for a in elements.of("img"))
    listed = render(batch(2), [image, bad], lambda _: NOTHING)
    assert len(list(Elements(listed).of("script"))) == 1


def test_hostile_names_in_the_compact_list_cannot_end_it() -> None:
    images = [record(number, sku_id=HOSTILE) for number in range(5)]
    text = "".join(stream(batch(5), select(images, 2), lambda _: NOTHING))
    (block,) = re.findall(r'<script type="application/json" id="index">(.*?)</script>', text, re.DOTALL)
    rows = json.loads(block)
    assert [row[0] for row in rows] == [HOSTILE] * 5


def test_links_of_files_cannot_become_addresses() -> None:
    name = "catalogue/javascript:alert(1)/a b?c#d%.jpg"
    image = record(0)
    main = image.renditions[0].model_copy(update={"path": name})
    links = [a["href"] for a in Elements(page(record(0, renditions=(main,)))).of("a")]
    assert "./catalogue/javascript%3Aalert%281%29/a%20b%3Fc%23d%25.jpg" in links


def test_a_rule_links_its_source_only_over_https() -> None:
    def with_source(source: str) -> ComplianceResult:
        return rule().model_copy(update={"source": source})

    good = page(record(0, compliance=(with_source("Guide, https://example.com/guide"),)))
    assert 'href="https://example.com/guide" rel="noreferrer noopener"' in good
    bad = page(record(0, compliance=(with_source("javascript:alert(1) http://example.com"),)))
    assert not [a for a in Elements(bad).of("a") if (a["href"] or "").startswith(("javascript", "http"))]


def test_every_element_that_is_used_can_be_reached_by_keyboard(full: str) -> None:
    elements = Elements(full)
    assert all(a.get("aria-label") for a in elements.of("select"))
    assert all(a.get("aria-label") for a in elements.of("input"))
    assert all(a.get("alt") for a in elements.of("img"))
    assert all(a.get("aria-label") or a.get("aria-hidden") for a in elements.of("svg"))
    assert all(a.get("type") == "button" for a in elements.of("button"))


def test_ids_are_unique(full: str) -> None:
    ids = [attributes["id"] for _, attributes in Elements(full).all if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_failing_rules_come_first_with_their_fix() -> None:
    held, missed = rule("a.held"), rule("z.missed", passed=False)
    text = page(record(0, compliance=(held, missed)))
    table = text[text.index("Marketplace rules") :]
    assert table.index("Z missed") < table.index("A held")
    assert table.count("Let the product fill at least 85 % of the frame.") == 2, (
        "in the table, and in the card"
    )


def test_a_large_batch_shows_some_and_lists_all() -> None:
    images = [record(number) for number in range(30)] + [failed_record(number) for number in range(30, 34)]
    text = "".join(stream(batch(34), select(images, 10), lambda _: NOTHING))
    assert text.count('<article class="card') == 10
    assert "10 images of 34 with pictures" in text
    (block,) = re.findall(r'<script type="application/json" id="index">(.*?)</script>', text, re.DOTALL)
    assert len(json.loads(block)) == 34
    assert json.loads(block)[33][3:7] == ["failed", None, None, "image_truncated"]


def test_a_small_batch_needs_no_list() -> None:
    assert 'id="index"' not in page(record(0))


def test_pictures_stop_at_their_budget() -> None:
    images = [record(number) for number in range(10)]
    pictures = [(PICTURE, PICTURE)]
    text = "".join(stream(batch(10), select(images), lambda _: pictures[0], picture_budget=4 * len(PICTURE)))
    assert text.count("data:image/jpeg") == 2 * 2 + 2, "two cards, and the showcase"
    assert text.count("no preview") == 8


def test_it_streams() -> None:
    asked: list[str] = []

    def pictures(image: ImageRecord) -> tuple[None, None]:
        asked.append(image.image_id)
        return NOTHING

    pieces = stream(batch(50), select(failed_record(number) for number in range(50)), pictures)
    begun = "".join(next(pieces) for _ in range(20))
    assert begun.startswith("<!doctype html>")
    assert not asked
    assert len("".join(pieces)) > 0
    assert len(asked) == 50


def test_the_same_batch_gives_the_same_page(full: str) -> None:
    images = [record(0), review_record(1)]
    assert page(*images) == page(*images)
