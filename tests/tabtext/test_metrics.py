"""Every metric against its reference implementation: numbers that it gave, or a run of it beside ours."""

import math
import random
import shutil
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from tabtext.errors import InputError
from tabtext.metrics import METRICS, Items, load, score
from tabtext.metrics.rouge import Rouge

DOGS = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."]
DOG_REFERENCES = [
    ["The dog bit the man.", "The dog had bit the man."],
    ["It was not unexpected.", "No one was surprised."],
    ["The man bit him first.", "The man had bitten the dog."],
]
WORDS = [
    "the",
    "games",
    "hosted",
    "by",
    "Athens",
    ",",
    "and",
    "running",
    "runner's",
    "ran",
    "2,008",
    "1st",
    "naïve",
    "-",
]
MAUER = "Niemand hat die Absicht, eine Mauer zu errichten"
QUICK = ["The quick brown dog jumps on the log."], ["The quick brown fox jumps over the lazy dog"]


def texts(rng, count, longest=14):
    return [" ".join(rng.choices(WORDS, k=rng.randint(0, longest))) for _ in range(count)]


@pytest.mark.parametrize(
    ("name", "predictions", "references", "expected"),
    [
        # sacreBLEU's README and regression tests
        ("sacrebleu", DOGS, DOG_REFERENCES, 48.530827009929865),
        ("chrf", DOGS, DOG_REFERENCES, 59.72751782684763),
        ("ter", DOGS, DOG_REFERENCES, 40.00),
        ("chrf", ["abcdefg"], ["hijklmnop"], 0.0),
        ("chrf", [""], ["b"], 0.0),
        ("chrf", [MAUER], [MAUER], 100.0),
        ("ter", ["aaaa bbbb cccc dddd"], ["aaaa bbbb cccc dddd"], 0.0),
        ("ter", ["dddd eeee ffff"], ["aaaa bbbb cccc"], 100.0),
        ("ter", ["dddd eeee ffff aaaa bbbb cccc"], ["aaaa bbbb cccc dddd eeee ffff"], 16.666666666666664),
        ("ter", [""], ["aaaa bbbb cccc"], 100.0),
        ("sacrebleu", ["a b c d"], ["A B C D"], 0.0),
        ("sacrebleu_lc", ["a b c d"], ["A B C D"], 100.0),
        ("brevity_penalty", ["a b"], ["a b c d"], math.exp(-1)),
        ("length_ratio", ["a b"], ["a b c d"], 0.5),
        # rouge-score's README
        ("rouge1", *QUICK, 70.58823529411764),
        ("rougeL", *QUICK, 58.82352941176471),
        ("exact_match", [" 42", "Rome", "rome"], [["42"], ["Paris", "Rome"], ["Rome"]], 200 / 3),
        ("token_f1", ["the Calder Bay", "in 1874.", "Otto", ""], [["Calder"], ["x", "1874"], [""], [""]], 700 / 12),
        ("distinct1", ["a b a b", "b c"], [[], []], 50.0),
        ("distinct2", ["a b a b", "b c"], [[], []], 75.0),
    ],
)  # fmt: skip
def test_numbers_of_the_reference_implementations(name, predictions, references, expected):
    assert load(name).compute(predictions, references).value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", ["sacrebleu", "sacrebleu_lc", "chrf", "chrf++", "ter"])
def test_sums_of_statistics_score_as_sacrebleu_scores_them(name):
    rng = random.Random(name)
    references = [texts(rng, rng.randint(1, 3)) for _ in range(60)]
    metric = load(name)
    statistics = metric.statistics(Items.of(texts(rng, 60), references))
    peer = metric.peer.make()
    for size in (1, 2, 3, 5, 60) * 6:
        rows = [rng.randrange(60) for _ in range(size)]
        expected = peer._aggregate_and_compute(statistics[rows].tolist()).score
        assert float(metric.value(statistics[rows].sum(axis=0))) == pytest.approx(expected, abs=1e-9)


def test_ragged_references_score_as_with_sacrebleu_itself():
    from sacrebleu.metrics import BLEU, CHRF

    predictions, references = (
        ["a cat sat here", "the dog ran"],
        [["a cat sat there", "one cat sat here"], ["the dog ran off"]],
    )
    streams = [["a cat sat there", "the dog ran off"], ["one cat sat here", None]]
    assert load("sacrebleu").compute(predictions, references).value == pytest.approx(
        BLEU().corpus_score(predictions, streams).score
    )
    assert load("chrf").compute(predictions, references).value == pytest.approx(
        CHRF().corpus_score(predictions, streams).score
    )


@pytest.mark.parametrize("stem", [False, True])
@pytest.mark.parametrize("kind", ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"])
def test_rouge_is_rouge_score(kind, stem):
    peer = pytest.importorskip("rouge_score.rouge_scorer").RougeScorer([kind], use_stemmer=stem)
    rng = random.Random(f"{kind}{stem}")
    predictions = ["\n".join(texts(rng, rng.randint(0, 3))) for _ in range(150)]
    references = [["\n".join(texts(rng, rng.randint(1, 3))) for _ in range(rng.randint(1, 3))] for _ in range(150)]
    ours = Rouge(kind, stem=stem).segment_scores(Items.of(predictions, references))
    for prediction, group, value in zip(predictions, references, ours, strict=True):
        assert value == pytest.approx(peer.score_multi(group, prediction)[kind].fmeasure, abs=1e-9)


has_jar = pytest.mark.skipif(
    not (shutil.which("java") and find_spec("pycocoevalcap")), reason="needs Java and pycocoevalcap"
)
METEOR_CASES = [  # what meteor-1.5.jar -l en -norm says, segment by segment and of all
    ("a cat sat on the mat", ["the cat sat on the mat"], 0.5180378516439341),
    ("a large book is read by him", ["he reads the big book ."], 0.2122751189410255),
    ("y", ["x"], 0.0),
    ("", ["x"], 0.0),
    ("Athens was the host of it", ["the host was Athens", "the city of Athens hosted it"], 0.41787710190174343),
]
METEOR_OF_ALL = 0.3122513004965033


@has_jar
def test_meteor_is_the_jar():
    predictions, references, expected = zip(*METEOR_CASES, strict=True)
    metric = load("meteor")
    statistics = metric.statistics(Items.of(predictions, references))
    assert metric.value(statistics) / 100 == pytest.approx(expected, abs=1e-12)
    assert metric.value(statistics.sum(axis=0)) / 100 == pytest.approx(METEOR_OF_ALL, abs=1e-12)


def test_meteor_of_the_jars_statistics():
    rows = [
        [6, 6, 3, 3, 3, 3, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 5, 5],
        [7, 6, 3, 3, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 2, 3],
        [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    assert load("meteor").value(np.array(rows, dtype=float)) == pytest.approx([51.80378516439341, 21.22751189410255, 0])


@pytest.mark.parametrize(
    ("text", "tokens"),
    [  # what the tokenizer of pycocoevalcap gives
        ("Aroma isn't family-friendly, it's cheap.", "aroma is n't family-friendly it 's cheap"),
        ("They can't pay £20-25 (or 5.5%)!", "they ca n't pay # 20-25 -lrb- or 5.5 % -rrb-"),
        ("A 1-star café on the 29th: .261", "a 1-star café on the 29th .261"),
        ('T.I. beat John F. Kelly "twice" in 2002–03', "t.i. beat john f. kelly twice in 2002 03"),
    ],
)
def test_cider_tokens_are_cocos(text, tokens):
    from tabtext.metrics.cider import tokenize

    assert " ".join(tokenize(text)) == tokens


def has_wordnet():
    if not find_spec("nltk"):
        return False
    from nltk.data import find

    try:
        return bool(find("corpora/wordnet"))
    except LookupError:
        return False


@pytest.mark.skipif(not has_wordnet(), reason="needs NLTK's WordNet")
@pytest.mark.parametrize(("name", "expected"), [("meteor_nltk_word", 69.44), ("meteor_nltk_ws", 69.44)])
def test_nltks_meteor_is_its_documented_number(name, expected):
    prediction = "It is a guide to action which ensures that the military always obeys the commands of the party"
    reference = "It is a guide to action that ensures that the military will forever heed Party commands"
    assert load(name).compute([prediction], [reference]).value == pytest.approx(expected, abs=0.005)


@pytest.mark.skipif(has_wordnet() or not find_spec("nltk"), reason="needs NLTK without its WordNet")
def test_without_wordnet_nltks_meteor_says_so():
    with pytest.raises(
        InputError, match=r"meteor_nltk_ws needs NLTK's WordNet; run: python -m nltk.downloader wordnet"
    ):
        load("meteor_nltk_ws").compute(["a"], ["a"])


@pytest.mark.parametrize(
    ("predictions", "references", "expected"),
    [  # what pycocoevalcap.cider says of the same tokens
        (["a b c d", "e f g h"], [["a b c d"], ["e f g h"]], [10.0, 10.0]),
        (["a b c", "e f"], [["a b c d", "b c"], ["e g"]], [4.824071717646683, 1.25]),
        (["x", ""], [["a b"], ["c"]], [0.0, 0.0]),
    ],
)
def test_cider_is_cocos(predictions, references, expected):
    metric = METRICS["cider"](tokenize=str.split)
    assert metric.segment_scores(Items.of(predictions, references)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("prediction", "reference", "same"),
    [
        ("Rome", "rome", True),
        ("5", "5.0", True),
        ("5", "5.1", False),
        ("1,234", "1234", False),
        ("three", "3", False),
        ("2008-05-01", "2008-5-1", True),
        ("xx-05-01", "2008-05-01", False),
        ("2008-xx-xx", "2008", True),
        ("2008-13-01", "2008-13-1", False),
        ("a|b", "b|a", True),
        ("a|a", "a", True),
        ("a", "a|b", False),
        ("5|5.0", "5", True),
        ("Peñarol", "penarol", True),
        ("“Hey Jude”", '"hey jude"', True),
        ("Athens (Greece)", "Athens", True),
        ("(Greece)", "", False),
        ("Athens[1]", "Athens", True),
        ("Athens*", "athens", True),
        ("1896–1900", "1896-1900", True),
        ("Mr.", "mr", True),
        (r"a\pb", "a|b", False),
        ("", "", True),
        ("", "x", False),
    ],
)
def test_denotation_accuracy_by_the_data_sets_rules(prediction, reference, same):
    assert load("denotation_accuracy").compute([prediction], [reference]).value == 100 * same


def test_slot_errors_and_fidelity_come_from_fields():
    counts = {"missing": 1, "added": 0, "wrong": 1, "repeated": 2, "slots": 8}
    fields = ({**counts, "fidelity": "accurate"}, {**counts, "missing": [], "label": ["omission", "repetition"]})
    items = Items(("x", "y"), ((), ()), fields=fields)
    names = (
        "slot_error_rate",
        "slot_error_rate_repeats",
        "fidelity_accurate",
        "fidelity_omission",
        "fidelity_repetition",
    )
    assert [s.value for s in score(items, names)] == pytest.approx([300 / 16, 700 / 16, 50, 50, 50])


@pytest.mark.parametrize(
    ("name", "predictions", "references", "fields", "says"),
    [
        ("sacrebleu", [None], ["a"], (), "Prediction 1 is None, not a text"),
        ("sacrebleu", [float("nan")], ["a"], (), "Prediction 1 is nan, not a text"),
        ("sacrebleu", ["a"], [None], (), "references of item 1 are None"),
        ("sacrebleu", ["a"], [float("nan")], (), "references of item 1 are nan"),
        ("sacrebleu", ["a"], [["b", None]], (), "reference of item 1 is None"),
        ("sacrebleu", ["a", "b"], ["a"], (), "2 predictions for 1 groups"),
        ("sacrebleu", [], [], (), "nothing to score"),
        ("sacrebleu", ["a"], [[]], (), "item 1 has no reference"),
        ("slot_error_rate", ["a"], [[]], (), "reads fields of the predictions"),
        ("slot_error_rate", ["a"], [[]], ({"missing": 1},), "needs a record, or a checker's added, wrong"),
        ("fidelity_accurate", ["a"], [[]], ({"fidelity": "good"},), "has the fidelity 'good'"),
    ],
)
def test_bad_input_is_one_sentence(name, predictions, references, fields, says):
    with pytest.raises(InputError, match=says):
        items = Items.of(predictions, references)
        load(name).score(Items(items.predictions, items.references, fields=fields))


def test_an_unknown_metric_lists_the_known_ones():
    with pytest.raises(InputError, match=r"Unknown metric 'bleu'; known: .*rougeL.*sacrebleu"):
        load("bleu")


@pytest.mark.parametrize(
    ("name", "package", "says"),
    [
        ("rouge1_stem", "nltk", r"pip install 'tabtext\[metrics\]'"),
        ("meteor_nltk_ws", "nltk", r"pip install 'tabtext\[metrics\]'"),
        ("meteor", "pycocoevalcap", r"pip install 'tabtext\[meteor\]'"),
    ],
)
def test_a_missing_extra_says_how_to_install_it(monkeypatch, name, package, says):
    from tabtext.metrics import meteor, rouge

    monkeypatch.setattr(meteor, "find_spec", lambda name: None)
    monkeypatch.setattr(meteor.shutil, "which", lambda name: "/usr/bin/java")
    for module in [module for module in sys.modules if module.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    rouge.clear_caches()
    with pytest.raises(InputError, match=says):
        load(name).compute(["running"], ["running far"])


def test_without_java_meteor_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="no 'java' is on the PATH"):
        load("meteor").compute(["a"], ["a"])


def test_every_metric_has_its_own_name_and_signature():
    made = [load(name, **({"encoder": "x"} if name == "bertscore" else {})) for name in METRICS]
    assert [metric.name for metric in made] == list(METRICS)


def test_a_score_is_one_line_to_paste():
    line = str(load("sacrebleu").compute(["a b c d"], [["a b c d", "x"]]))
    assert line.startswith("sacrebleu|n:1|refs:2|data:") and line.endswith(" = 100")
    assert "|case:mixed|tok:13a|smooth:exp|sacrebleu:" in line


def test_modules_for_evaluate_need_no_hub(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    evaluate = pytest.importorskip("evaluate")
    from tabtext.metrics.modules import as_module

    both = evaluate.combine([as_module("sacrebleu_lc"), as_module("rougeL")])
    found = both.compute(predictions=["A b c d", "x"], references=[["a b c d", "a b"], ["y"]])
    assert found["rougeL"] == 50 and found["rougeL_signature"].startswith("rougeL|n:2|refs:1-2|")
    with pytest.raises(ValueError, match="Mismatch in the number of predictions"):
        as_module("chrf").compute(predictions=["a"], references=["a", "b"])


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    """The folder of a tiny BERT with a word-level tokenizer, weights drawn from a seed."""
    torch = pytest.importorskip("torch")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    vocabulary = {word: i for i, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefgh"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    folder = tmp_path_factory.mktemp("encoder")
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **marks).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=12, max_position_embeddings=16, **sizes)).save_pretrained(folder)
    return folder


def bertscore_by_loops(folder, prediction, reference, layer):
    """BERTScore F1 as its paper says it, one cosine at a time."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        ours, theirs = (
            model(**tokenizer(text, return_tensors="pt"), output_hidden_states=True).hidden_states[layer][0]
            for text in (prediction, reference)
        )
    cosine = lambda a, b: float(a @ b / (a.norm() * b.norm()))  # noqa: E731
    recalls = [max(cosine(a, b) for a in ours) for b in theirs[1:-1]]
    precisions = [max(cosine(a, b) for b in theirs) for a in ours[1:-1]]
    precision, recall = (sum(values) / len(values) for values in (precisions, recalls))
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("layer", [1, 2])
def test_bertscore_is_its_papers(encoder, layer):
    pairs = [("a b c", "c b a d"), ("a", "a b c d e f"), ("h h", "a"), ("c d", "c d")]
    metric = load("bertscore", encoder=encoder, layer=layer)
    ours = metric.segment_scores(Items.of([a for a, _ in pairs], [b for _, b in pairs]))
    assert ours == pytest.approx([bertscore_by_loops(encoder, a, b, layer) for a, b in pairs], abs=1e-5)
    assert ours[-1] == pytest.approx(1)


def test_bertscore_of_empty_and_long_texts(encoder):
    metric = load("bertscore", encoder=encoder)
    items = Items.of(["", "a", " ", "a b " * 40, "a"], [["a"], [""], [""], ["a b " * 40], ["b", "a"]])
    assert metric.segment_scores(items) == pytest.approx([0, 0, 0, 1, 1], abs=1e-5)
    with pytest.raises(InputError, match=r"layer 9 was asked for and .* has 2"):
        load("bertscore", encoder=encoder, layer=9).compute(["a"], ["a"])


def test_bertscore_refuses_a_damaged_encoder(encoder, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(encoder, damaged)
    weights = damaged / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(InputError, match=r"model\.safetensors is damaged or cut short"):
        load("bertscore", encoder=str(damaged)).compute(["a"], ["a"])


def test_the_same_references_have_the_same_checksum():
    checksums = {
        Items.of(p, r).checksum
        for p, r in (
            ("a", ["x y"]),
            ("b", ["x y"]),
            (
                "a",
                [
                    "x",
                ],
            ),
            ("a", [["x", "y"]]),
        )
    }
    assert len(checksums) == 3


def test_metrics_need_neither_torch_nor_evaluate():
    code = (
        "import sys; from tabtext.metrics import load; load('sacrebleu').compute(['a'], ['a']); "
        "load('rougeL').compute(['a'], ['a']); "
        "sys.exit(bool({'torch', 'evaluate', 'transformers', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
