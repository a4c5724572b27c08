"""A model is untrusted input: hostile XML is refused quickly and reads nothing."""

from pathlib import Path

import pytest

from engine import dialect
from engine.dialect.xml import MAX_BYTES, MAX_ELEMENTS
from tests.engine.spiff.drawing import HEAD, chain, document, end, process, start, user

GOOD = document(process(start(), user("u"), end(), chain("s", "u", "e")))


def refused(data: bytes) -> str:
    with pytest.raises(dialect.DialectError) as raised:
        dialect.read(data)
    (finding,) = raised.value.findings
    assert finding.remedy
    return finding.message


def test_a_billion_laughs_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]>'
    body = HEAD + "&l9;</bpmn:definitions>"
    message = refused((head + body).encode())
    assert "document type" in message or "entity amplification" in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_external_entity_is_not_read(tmp_path: Path, encoding: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    message = refused((head + HEAD + "&x;</bpmn:definitions>").encode(encoding))
    assert "document type" in message
    assert "secret" not in message


def test_an_external_document_type_is_not_fetched() -> None:
    assert "document type" in refused(b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">' + GOOD)


def test_deep_nesting_is_refused() -> None:
    for depth in (100, 50_000):
        body = "<bpmn:group>" * depth + "</bpmn:group>" * depth
        message = refused((HEAD + body + "</bpmn:definitions>").encode())
        assert "deep" in message or "well-formed" in message


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    assert "bytes" in refused(b"<" * (MAX_BYTES + 1))


def test_too_many_elements_are_refused() -> None:
    body = "<bpmn:a/>" * (MAX_ELEMENTS + 1)
    assert "XML elements" in refused((HEAD + body + "</bpmn:definitions>").encode())


@pytest.mark.parametrize("data", [b"", b"\x00", b"<a>", b"not xml", b"<a/>", GOOD[:-5]])
def test_what_is_no_bpmn_document_is_refused(data: bytes) -> None:
    message = refused(data)
    assert "well-formed" in message or "no BPMN 2.0 document" in message


def test_an_inclusion_is_not_followed(tmp_path: Path) -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>'
    model = dialect.read(GOOD.replace(b"</bpmn:definitions>", include.encode() + b"</bpmn:definitions>"))
    assert list(model.processes) == ["p"]


def test_comments_and_processing_instructions_are_ignored() -> None:
    marked = GOOD.replace(b"<bpmn:startEvent", b"<!-- x --><?php echo 1 ?><bpmn:startEvent")
    assert list(dialect.read(marked).processes["p"].elements) == ["s", "u", "e"]
