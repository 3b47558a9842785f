"""Predictions and references from files, through the commands `tabtext score`, `compare` and `report`."""

import json
import re
from pathlib import Path

import pytest

from tabtext.cli import app, run
from tabtext.errors import InputError
from tabtext.metrics.floors import template
from tabtext.metrics.references import Fields, match, read_predictions, read_references

GAMES = {"header": ["Year", "Host"], "rows": [["2004", "Athens"], ["2008", "Beijing"]]}
QUESTIONS = [
    {
        "id": "q1",
        "question": "Who hosted in 2008?",
        "answer": "Beijing hosted in 2008.",
        "table": GAMES,
        "evidence": [[1, 1]],
    },
    {
        "id": "q2",
        "question": "Who hosted in 2004?",
        "answer": "Athens hosted in 2004.",
        "table": GAMES,
        "evidence": [[0, 1]],
    },
]
RECORDS = 'mr,ref\nname[Aroma],Aroma it is.\nname[Bibi],Go to Bibi.\nname[Aroma],"We like Aroma, a lot."\n'


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Writes files into an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def write(**contents):
        for name, content in contents.items():
            text = content if isinstance(content, str | bytes) else "".join(json.dumps(line) + "\n" for line in content)
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


def tabtext(capsys, monkeypatch, *words):
    """The exit status, standard output and standard error of a command."""
    monkeypatch.setattr("sys.argv", ["tabtext", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        run(app)
    out, err = capsys.readouterr()
    return ended.value.code or 0, out, err


def read(predictions, references, fields=Fields()):
    return match(
        read_predictions(predictions, fields),
        read_references(references, fields),
        predictions,
        " and ".join(references),
    )


@pytest.mark.parametrize(
    ("predictions", "references", "expected"),
    [
        (b"a\nb\n", b"x\ny\n", [("a", ("x",)), ("b", ("y",))]),
        (b"a\r\nb\r\n", b"x\r\ny", [("a", ("x",)), ("b", ("y",))]),
        (b"\xef\xbb\xbfa\n\n", "x\né\n".encode(), [("a", ("x",)), ("", ("é",))]),
        ("a\u2028b\nc\n".encode(), b"x\ny\n", [("a\u2028b", ("x",)), ("c", ("y",))]),
        (b"\nb\n", b"x\ny\n", [("", ("x",)), ("b", ("y",))]),
    ],
)
def test_lines_of_text_files(files, predictions, references, expected):
    files(p_txt=predictions, r_txt=references)
    items = read("p.txt", ["r.txt"])
    assert list(zip(items.predictions, items.references, strict=True)) == expected


@pytest.mark.parametrize(
    ("contents", "references", "groups"),
    [
        ({"r_txt": "x\ny\n", "s_txt": "z\n\n"}, ["r.txt", "s.txt"], [("x", "z"), ("y",)]),
        ({"r_csv": RECORDS}, ["r.csv"], [("Aroma it is.", "We like Aroma, a lot."), ("Go to Bibi.",)]),
        ({"r_tsv": "id\treference\n1\tx\n2\ty\n1\tz\n"}, ["r.tsv"], [("x", "z"), ("y",)]),
        ({"r_jsonl": [{"id": 1, "references": ["x", "z"]}, {"id": 2, "references": ["y"]}]}, ["r.jsonl"],
         [("x", "z"), ("y",)]),
        ({"r_jsonl": [{"record": {"a": n}, "text": text} for n, text in ((1, "x"), (2, "y"), (1, "z"))]},
         ["r.jsonl"], [("x", "z"), ("y",)]),
        ({"r_tsv": "id\tref\n1\tx\n2\ty\n", "s_tsv": "id\tref\n2\tb\n1\ta\n"}, ["r.tsv", "s.tsv"],
         [("x", "a"), ("y", "b")]),
    ],
)  # fmt: skip
def test_references_are_grouped(files, contents, references, groups):
    files(**contents)
    assert [entry.texts for entry in read_references(references)] == groups


def test_predictions_in_another_order_are_matched_by_id(files):
    files(p_jsonl=[{"id": "q2", "prediction": "b"}, {"id": "q1", "prediction": "a"}], r_jsonl=QUESTIONS)
    items = read("p.jsonl", ["r.jsonl"])
    assert items.predictions == ("a", "b") and items.ids == ("q1", "q2")
    assert items.fields[0]["question"] == QUESTIONS[0]["question"]


def test_a_systems_evidence_does_not_pass_for_gold(files):
    files(p_jsonl=[{"id": q["id"], "text": "a", "evidence": [[0, 0]]} for q in QUESTIONS], r_jsonl=QUESTIONS)
    fields = read("p.jsonl", ["r.jsonl"]).fields[0]
    assert fields["evidence"] == [[1, 1]] and fields["predicted_evidence"] == [[0, 0]]


BAD = [
    ({"p_txt": "a\nb\n", "r_txt": "x\n"}, ["p.txt"], ["r.txt"], "p.txt has 2 predictions and r.txt 1 groups"),
    ({"p_txt": "a\nb\n", "r_txt": "x\ny\n", "s_txt": "z\n"}, ["p.txt"], ["r.txt", "s.txt"],
     "r.txt has 2 references and s.txt 1"),
    ({"p_txt": "", "r_txt": "x\n"}, ["p.txt"], ["r.txt"], "p.txt: no predictions; the file is empty"),
    ({"p_txt": "a\n", "r_txt": ""}, ["p.txt"], ["r.txt"], "r.txt: no references; the file is empty"),
    ({"r_txt": "x\n"}, ["p.txt"], ["r.txt"], "p.txt: no such file"),
    ({"p_csv": 'id,"pre\ndiction\n', "r_txt": "x\n"}, ["p.csv"], ["r.txt"], "p.csv, after row 0: not valid CSV"),
    ({"p_txt": "a\0\0\0\n", "r_txt": "x\n"}, ["p.txt"], ["r.txt"], "p.txt: not text; 3 of its 4 characters are"),
    ({"p_txt": b"a\n\xff\n", "r_txt": "x\n"}, ["p.txt"], ["r.txt"], "p.txt, line 2: not UTF-8"),
    ({"p_jsonl": [{"id": 1, "prediction": None}], "r_txt": "x\n"}, ["p.jsonl"], ["r.txt"], "holds None, not a text"),
    ({"p_jsonl": '{"prediction": NaN}\n', "r_txt": "x\n"}, ["p.jsonl"], ["r.txt"],
     "p.jsonl, line 1: the field 'prediction' holds nan"),
    ({"p_jsonl": [{"said": "a"}], "r_txt": "x\n"}, ["p.jsonl"], ["r.txt"],
     "no field prediction or text or .*; found said"),
    ({"p_jsonl": [{"id": "q1", "text": "a"}], "r_jsonl": QUESTIONS}, ["p.jsonl"], ["r.jsonl"],
     "p.jsonl lacks 1 of the ids of r.jsonl, such as q2"),
    ({"p_jsonl": [{"id": f"q{i}", "text": "a"} for i in (1, 2, 3)], "r_jsonl": QUESTIONS}, ["p.jsonl"], ["r.jsonl"],
     "r.jsonl lacks 1 of the ids of p.jsonl, such as q3"),
    ({"p_jsonl": [{"id": "z", "text": "a"}], "r_jsonl": QUESTIONS}, ["p.jsonl"], ["r.jsonl"], "No id of p.jsonl"),
    ({"p_jsonl": [{"id": "q1", "text": "a"}] * 2, "r_jsonl": QUESTIONS}, ["p.jsonl"], ["r.jsonl"],
     "two predictions for q1"),
    ({"p_tsv": "id\tprediction\n1\n", "r_txt": "x\n"}, ["p.tsv"], ["r.txt"],
     "p.tsv, row 2: 1 fields where the header has 2"),
    ({"p_json": "[]", "r_txt": "x\n"}, ["p.json"], ["r.txt"], "p.json: a JSON file; write JSON Lines"),
    ({"p_txt": "a\n", "r_jsonl": "{\n"}, ["p.txt"], ["r.jsonl"], "r.jsonl, line 1.*not valid JSON"),
    ({"p_txt": "a\n", "r_jsonl": [{"id": 1, "text": "x"}, {"text": "y"}]}, ["p.txt"], ["r.jsonl"],
     "some entries have a key"),
]  # fmt: skip


@pytest.mark.parametrize(("contents", "predictions", "references", "says"), BAD)
def test_bad_files_are_one_sentence_and_status_2(files, capsys, monkeypatch, contents, predictions, references, says):
    files(**contents)
    status, out, err = tabtext(capsys, monkeypatch, "score", "--predictions", *predictions, "--references", *references)
    assert (status, out) == (2, "")
    assert re.search(says, err) and err.count("\n") == 1, err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--metrics", "bleu"], "Unknown metric 'bleu'; known: .*sacrebleu"),
        (["--metrics", "bertscore"], "bertscore needs an encoder"),
        (["--metrics", "bertscore", "--encoder", "./nowhere"], "Model './nowhere': no such folder"),
        (["--groups", "1484"], "r.txt: 1 groups of references where 1,484 were expected"),
        (["--format", "pdf"], "Unknown format 'pdf'; known: json, latex, markdown, text"),
        (["--output", "r.txt"], "r.txt: exists already"),
        (["--dataset", "e2e"], "needs|no file|folder"),
    ],
)
def test_bad_options_are_one_sentence_and_status_2(files, capsys, monkeypatch, words, says):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    files(p_txt="a\n", r_txt="x\n")
    status, out, err = tabtext(capsys, monkeypatch, "score", "-p", "p.txt", "-r", "r.txt", *words)
    assert (status, out) == (2, "")
    assert re.search(says, err) and err.count("error:") == 1, err


def test_score_says_floors_and_ceilings_beside_the_system(files, capsys, monkeypatch):
    files(p_jsonl=[{"id": q["id"], "prediction": q["answer"]} for q in QUESTIONS], r_jsonl=QUESTIONS)
    status, out, _ = tabtext(capsys, monkeypatch, "score", "-p", "p.jsonl", "-r", "r.jsonl", "-m", "rouge1", "chrf")
    assert status == 0
    first, second, *bounds = out.splitlines()
    assert re.fullmatch(r"rouge1\|n:2\|refs:1\|data:[0-9a-f]{8}\|.*\|bs:1000\|seed:12345 = 100 \[100, 100\]", first)
    assert second.startswith("chrf|")
    names = [line.split("  ")[0] for line in bounds if line.strip()]
    assert names[1:] == ["copy the question (floor)", "best row, joined (floor)", "gold cells, joined (gold)"]


def test_the_ceiling_is_one_reference_against_the_others(files, capsys, monkeypatch):
    files(p_txt="Aroma.\nBibi.\n", r_csv=RECORDS)
    words = ["score", "-p", "p.txt", "-r", "r.csv", "-m", "rouge1", "--format", "json"]
    rows = json.loads(tabtext(capsys, monkeypatch, *words)[1])
    assert [(row["system"], row["kind"]) for row in rows] == [
        ("p", "system"),
        ("template", "floor"),
        ("said by rules", "floor"),
        ("one reference against the others (1 of 2 items)", "ceiling"),
    ]
    assert rows[3]["scores"][0]["value"] == pytest.approx(100 * 2 / 8)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"mr": "name[Aroma], food[Indian], familyFriendly[no]"},
            "The food of Aroma is Indian. Aroma is not family friendly.",
        ),
        ({"mr": "confirm(has_multiplayer[yes])"}, "it has multiplayer."),
        (
            {"triples": [["Alan_Bean", "birthPlace", "Wheeler,_Texas"]]},
            "The birth place of Alan Bean is Wheeler, Texas.",
        ),
        ({"mr": "name[Aroma]"}, "Aroma."),
        ({"question": "Who?"}, None),
    ],
)
def test_the_template_says_every_fact(fields, text):
    assert template(fields) == text


@pytest.mark.parametrize("format", ["text", "json", "markdown", "latex"])
def test_several_seeds_are_one_row(files, capsys, monkeypatch, format):
    files(a_txt="the cat\n", b_txt="the dog\n", r_txt="the cat\n")
    words = ["-p", "a.txt", "b.txt", "-r", "r.txt", "-m", "rouge1", "--seeds", "--format", format]
    status, out, _ = tabtext(capsys, monkeypatch, "score", *words)
    assert status == 0 and re.search("75", out) and re.search(r"35(\.|\b)", out)


def test_names_cannot_break_out_of_a_format(files, capsys, monkeypatch):
    files(**{"a|b&c$_txt": "the cat\n"}, r_txt="the cat\n")
    for format, expected in (("markdown", r"a\|b&c$"), ("latex", r"a|b\&c\$")):
        out = tabtext(
            capsys, monkeypatch, "score", "-p", "a|b&c$.txt", "-r", "r.txt", "-m", "rouge1", "--format", format
        )[1]
        assert expected in out


def test_compare_tells_which_is_better(files, capsys, monkeypatch):
    lines = [f"the {n} games of {n} were held" for n in range(60)]
    worse = [line.replace("games", "x") if n % 2 else line for n, line in enumerate(lines)]
    files(a_txt="\n".join(lines), b_txt="\n".join(worse), c_txt="\n".join(lines), r_txt="\n".join(lines))
    for second, better in (("b.txt", "first"), ("c.txt", "neither")):
        words = ["compare", "a.txt", second, "--references", "r.txt", "--metrics", "rouge1", "ter", "--format", "json"]
        found = json.loads(tabtext(capsys, monkeypatch, *words)[1])
        assert [comparison["better"] for comparison in found] == [better, better]


def test_report_is_one_page_with_everything_escaped(files, capsys, monkeypatch):
    nasty = "<script>alert(1)</script>"
    questions = [{**q, "question": q["question"] + nasty} for q in QUESTIONS]
    files(
        a_jsonl=[{"id": q["id"], "prediction": q["answer"]} for q in questions],
        b_jsonl=[{"id": q["id"], "prediction": nasty} for q in questions],
        r_jsonl=questions,
    )
    status, _, err = tabtext(
        capsys, monkeypatch, "report", "a.jsonl", "b.jsonl", "-r", "r.jsonl", "-o", "out.html", "--by", "question"
    )
    assert (status, err) == (0, "")
    html = Path("out.html").read_text(encoding="utf-8")
    assert "<script" not in html and "&lt;script&gt;" in html
    for expected in (
        "<svg",
        "Most changed from a to b",
        "Worst of b",
        "Are the differences real?",
        'class="evidence"',
        "Athens",
    ):
        assert expected in html


def test_a_breakdown_that_no_item_has_is_refused(files, capsys, monkeypatch):
    files(p_txt="a\n", r_txt="x\n")
    status, _, err = tabtext(capsys, monkeypatch, "report", "p.txt", "-r", "r.txt", "--by", "facts")
    assert status == 2 and "No item has what a breakdown by 'facts' needs" in err


def test_a_mismatch_is_an_input_error_from_python_too():
    from tabtext.metrics import Items

    with pytest.raises(InputError, match="2 predictions for 1 groups of references"):
        Items.of(["a", "b"], ["x"])
