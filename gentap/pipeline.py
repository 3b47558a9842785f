"""Our models in transformers' `pipeline("free-form-table-qa", model=…)`; importing this module registers the task."""

from __future__ import annotations

from typing import Any

from transformers import AutoModelForSeq2SeqLM, Pipeline
from transformers.pipelines import PIPELINE_REGISTRY

from gentap.answers import Answer, Asked
from gentap.model import DualDecoderT5  # noqa: F401  (makes it known to the Auto classes)
from gentap.model_settings import ModelSettings
from gentap.table_qa import TableQA
from tabtext.models import Seq2Seq
from tabtext.table import Table

TASK = "free-form-table-qa"


class TableQAPipeline(Pipeline):
    """Takes `{"question": …, "table": Table or DataFrame}`, or a list of such; gives `Answer.to_json()`."""

    _load_tokenizer: Any = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = ModelSettings.of(self.model.config, str(self.model.config.name_or_path))
        tokenizer: Any = self.tokenizer
        self.qa = TableQA(Seq2Seq(self.model, tokenizer), settings)

    def _sanitize_parameters(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        return {}, kwargs, {}

    def preprocess(self, inputs: dict[str, Any]) -> dict[str, Any]:  # type: ignore[override]
        """The question and its table."""
        table = inputs["table"]
        about = table if isinstance(table, Table) else Table.from_frame(table, title=inputs.get("title", ""))
        return {"asked": [Asked(inputs["question"], about)]}

    def _forward(self, model_inputs: dict[str, Any], **kwargs: Any) -> Any:  # type: ignore[override]
        return {"answers": list(self.qa.answers(model_inputs["asked"], **kwargs))}

    def postprocess(self, model_outputs: dict[str, Any]) -> dict[str, Any]:  # type: ignore[override]
        """The answer's fields."""
        answer: Answer = model_outputs["answers"][0]
        return answer.to_json()


PIPELINE_REGISTRY.register_pipeline(TASK, pipeline_class=TableQAPipeline, pt_model=AutoModelForSeq2SeqLM)
