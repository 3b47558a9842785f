"""A corpus from pages: equal numbers of long and short, the same bytes for any workers and after a stop."""

import json
from pathlib import Path

import pytest

from gentap.asker import Asker
from gentap.corpus import Recipe, read_corpus, synthesize
from tabtext import InputError
from tabtext.stages import Options

PAGES = Path(__file__).parents[2] / "examples" / "pages"


@pytest.fixture(autouse=True)
def plain_asker(monkeypatch):
    """Asks without a model: the question only has to differ from sentence to sentence."""

    def ask(self, mentions, rngs, counts):
        for mention in mentions:
            question = f"What is said of {mention.table[mention.cells[0]]}?"
            yield {**mention.to_json(), "question": question, "logprob": 0.0, "asked": list(mention.cells[-1])}

    monkeypatch.setattr(Asker, "__call__", ask)


def recipe(**options):
    return Recipe("an asker", pages_per_shard=4, **options)


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_equal_numbers_and_examples_that_hold(tmp_path):
    manifest = synthesize(PAGES, recipe(), Options(tmp_path / "corpus"))
    long, short = (list(read_corpus(tmp_path / "corpus", kind)) for kind in ("long", "short"))
    assert manifest["long"] == manifest["short"] == len(long) == len(short) > 50
    for example in short:
        assert len(example.answers) == 1 and example.answer in [c for row in example.table.rows for c in row]
    for example in long:
        assert all(example.table[cell] for cell in example.evidence) and example.answer.endswith(".")
    ids = [example.table.id for example in long]
    assert len(set(ids)) > 5 and all(ids)


def test_workers_do_not_change_a_byte(tmp_path):
    for workers in (1, 2):
        synthesize(PAGES, recipe(), Options(tmp_path / str(workers), workers=workers, seed=3))
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_a_stopped_run_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    synthesize(PAGES, recipe(), Options(tmp_path / "whole"))
    asked = Asker.__call__

    def stopping(self, mentions, rngs, counts):
        if (tmp_path / "stopped" / "asked" / "00000.done").exists():
            raise KeyboardInterrupt
        return asked(self, mentions, rngs, counts)

    monkeypatch.setattr(Asker, "__call__", stopping)
    with pytest.raises(KeyboardInterrupt):
        synthesize(PAGES, recipe(), Options(tmp_path / "stopped"))
    with pytest.raises(InputError, match="no finished corpus"):
        list(read_corpus(tmp_path / "stopped", "long"))
    monkeypatch.setattr(Asker, "__call__", asked)
    (tmp_path / "stopped" / "mentions" / "00001.jsonl.gz").write_bytes(b"torn")
    synthesize(PAGES, recipe(), Options(tmp_path / "stopped"))
    assert files(tmp_path / "whole") == files(tmp_path / "stopped")


def test_shards_of_pages_that_changed_are_made_anew(tmp_path):
    pages = tmp_path / "pages.jsonl"
    html = (PAGES / "trams_of_velmar.html").read_text()
    lines = [json.dumps({"html": html, "title": f"Page {number}"}) for number in range(14)]
    pages.write_text("\n".join([*lines[:9], "{torn", *lines[10:]]) + "\n")
    with pytest.raises(InputError, match="mend it and run the same command again"):
        synthesize(pages, recipe(), Options(tmp_path / "corpus"))
    kept = (tmp_path / "corpus/tables/00000.done").stat().st_mtime_ns
    lines[5] = lines[5].replace("Page 5", "Another")
    pages.write_text("\n".join(lines[:11]) + "\n")
    synthesize(pages, recipe(), Options(tmp_path / "corpus"))
    assert (tmp_path / "corpus/tables/00000.done").stat().st_mtime_ns == kept, "mended behind it"
    synthesize(pages, recipe(), Options(tmp_path / "whole"))
    assert files(tmp_path / "corpus") == files(tmp_path / "whole")
    for changed in (lines[:10], [*lines[:10], lines[0]], lines[:13]):
        pages.write_text("\n".join(changed) + "\n")
        with pytest.raises(InputError, match="a corpus of other pages; pass --overwrite"):
            synthesize(pages, recipe(), Options(tmp_path / "corpus"))
    synthesize(pages, recipe(), Options(tmp_path / "corpus", overwrite=True))
    assert len(list((tmp_path / "corpus/long").glob("*.done"))) == 4


def test_overwrite_drops_a_finished_corpus_but_goes_on_with_one_begun(tmp_path):
    synthesize(PAGES, recipe(), Options(tmp_path))
    made = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*.done")}
    synthesize(PAGES, recipe(), Options(tmp_path))
    assert made == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*.done")}
    synthesize(PAGES, recipe(), Options(tmp_path, overwrite=True))
    again = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*.done")}
    assert all(again[path] != made[path] for path in made)
    (tmp_path / "manifest.json").unlink()
    synthesize(PAGES, recipe(), Options(tmp_path, overwrite=True))
    assert again == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*.done")}


def test_an_asker_that_was_trained_anew_makes_another_corpus(tmp_path):
    asker = tmp_path / "asker"
    asker.mkdir()
    (asker / "model.safetensors").write_bytes(b"weights")
    asking = Recipe(str(asker), pages_per_shard=4)
    synthesize(PAGES, asking, Options(tmp_path / "corpus", limit=2))
    synthesize(PAGES, asking, Options(tmp_path / "corpus", limit=2))
    (asker / "model.safetensors").write_bytes(b"others!")
    with pytest.raises(InputError, match="--overwrite"):
        synthesize(PAGES, asking, Options(tmp_path / "corpus", limit=2))


def test_another_runs_folder_is_refused(tmp_path):
    synthesize(PAGES, recipe(), Options(tmp_path, limit=2))
    with pytest.raises(InputError, match="--overwrite"):
        synthesize(PAGES, recipe(), Options(tmp_path, limit=3))
    manifest = synthesize(PAGES, recipe(), Options(tmp_path, limit=3, overwrite=True))
    assert json.loads((tmp_path / "manifest.json").read_text()) == json.loads(json.dumps(manifest))


def test_excluded_titles_leave_no_trace(tmp_path):
    synthesize(PAGES, recipe(exclude_titles=frozenset({"mira delacourt"})), Options(tmp_path))
    for kind in ("long", "short"):
        assert "Mira Delacourt" not in {example.table.title for example in read_corpus(tmp_path, kind)}


def test_an_unreadable_page_stops_or_is_skipped(tmp_path):
    pages = tmp_path / "pages.jsonl"
    html = (PAGES / "trams_of_velmar.html").read_text()
    pages.write_text(json.dumps({"html": html}) + "\n{torn\n" + json.dumps({"html": html, "title": "B"}) + "\n")
    with pytest.raises(InputError, match="--on-error skip"):
        synthesize(pages, recipe(), Options(tmp_path / "corpus"))
    manifest = synthesize(pages, recipe(), Options(tmp_path / "corpus", on_error="skip"))
    assert manifest["counts"]["mentions"]["bad input"] == 1 and manifest["long"] > 5


def test_pages_that_can_be_read_only_once_are_refused(tmp_path):
    with pytest.raises(InputError, match="reads its pages several times"):
        synthesize("-", recipe(), Options(tmp_path / "corpus"))
    assert not (tmp_path / "corpus").exists()
