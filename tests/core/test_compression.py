"""Pages leave compressed, without telling what is secret on them by their length."""

import gzip

from django.test import Client

from tests.cast import Cast


def signed_in(cast: Cast) -> Client:
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(cast.requester, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_page_leaves_compressed_for_who_reads_it(cast: Cast) -> None:
    answer = signed_in(cast).get("/katalog/")
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    whole = gzip.decompress(answer.content)
    assert b"</html>" in whole
    assert len(answer.content) * 3 < len(whole)


def test_page_leaves_as_it_is_for_who_does_not(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.requester, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/katalog/")
    assert "Content-Encoding" not in answer
    assert b"</html>" in answer.content


def test_length_of_a_compressed_page_varies_by_chance(cast: Cast) -> None:
    client = signed_in(cast)
    assert len({len(client.get("/katalog/").content) for _time in range(8)}) > 1


def test_answers_to_programs_are_not_compressed(cast: Cast) -> None:
    answer = signed_in(cast).get("/api/v1/items/")
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
