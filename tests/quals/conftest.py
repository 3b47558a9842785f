"""A generator without weights, whose probabilities one can work out by hand."""

from types import SimpleNamespace

import pytest

TEXTS = (
    "Corvo serves Thai food in the harbour",
    "Bella serves Greek food near the river",
    "Rome hosted Beijing games open closed",
)
ASKING = ("What", "Who", "Which", "Where", "When", "Why", "How", "Whose", "Whom", "Is", "Does", "Was", "Did", "Can")


class Cache:
    """Nothing to remember, since only the last token counts."""

    def reorder_cache(self, rows):
        pass


def parrot(tokenizer, structure):
    """An encoder-decoder that asks with one of `ASKING`, then answers with a word, likely one of its source's."""
    torch = pytest.importorskip("torch")

    class Parrot(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.config = SimpleNamespace(decoder_start_token_id=0, is_encoder_decoder=True, vocab_size=len(tokenizer))
            self.device = torch.device("cpu")
            self.encoded = 0  # rows that the encoder has read
            self.loudness = torch.nn.Parameter(torch.tensor(1.0))
            self.openers = [tokenizer(word, add_special_tokens=False).input_ids[0] for word in ASKING]
            self.separator = tokenizer.convert_tokens_to_ids(structure[0])
            self.special = tokenizer.all_special_ids

        def get_encoder(self):
            def encoder(input_ids, attention_mask):
                self.encoded += len(input_ids)
                return SimpleNamespace(last_hidden_state=input_ids[..., None].float())

            return encoder

        def prepare_decoder_input_ids_from_labels(self, labels):
            return torch.nn.functional.pad(labels.clamp(min=0), (1, -1), value=0)

        def forward(
            self, encoder_outputs, attention_mask, decoder_input_ids, past_key_values=None, use_cache=False
        ):  # fmt: skip
            ids = encoder_outputs.last_hidden_state[..., 0].long() * attention_mask
            rows, steps = decoder_input_ids.shape
            said = torch.zeros(rows, len(tokenizer)).scatter_(1, ids, 1.0)
            said[:, self.special] = 0
            logits = torch.zeros(rows, steps, len(tokenizer))
            for step in range(steps):
                before = decoder_input_ids[:, step]
                asks = torch.isin(before, torch.tensor(self.openers))
                logits[:, step, self.openers] += 9.0 * (before == 0)[:, None]
                logits[:, step, self.separator] += 9.0 * asks
                logits[:, step] += 6.0 * said * (before == self.separator)[:, None]
                logits[:, step, 1] += 9.0 * (~asks & (before > 0) & (before != self.separator))
            return SimpleNamespace(logits=logits * self.loudness, past_key_values=Cache())

    return Parrot()


@pytest.fixture
def quals():
    pytest.importorskip("torch")
    from quals import QUALS
    from quals.qagen import STRUCTURE, QAGen
    from tabtext.diverse import DiverseSearch
    from tabtext.models import Seq2Seq
    from tabtext.tokenizers import train_tokenizer

    tokenizer = train_tokenizer([*TEXTS, *ASKING] * 3, size=600, structure=STRUCTURE)
    model = parrot(tokenizer, STRUCTURE)
    search = DiverseSearch(groups=48, min_length=4, max_length=6)
    return QUALS(QAGen(Seq2Seq(model, tokenizer), 32), search=search)
