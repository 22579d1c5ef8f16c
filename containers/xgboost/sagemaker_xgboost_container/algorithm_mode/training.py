"""One training in algorithm mode: what the job says is judged in order, then trees are grown and saved."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xgboost
from sagemaker_algorithm_toolkit.exceptions import AlgorithmError, UserError

from sagemaker_xgboost_container.algorithm_mode.channels import validate_channels
from sagemaker_xgboost_container.algorithm_mode.cross_validation import cross_validate
from sagemaker_xgboost_container.algorithm_mode.devices import without_gpu
from sagemaker_xgboost_container.algorithm_mode.hyperparameters import validate_hyperparameters
from sagemaker_xgboost_container.algorithm_mode.scores import Feval, choose_metrics
from sagemaker_xgboost_container.algorithm_mode.watching import MODEL, Wishes, watch
from sagemaker_xgboost_container.data_utils import get_dmatrix
from sagemaker_xgboost_container.distributed import rabit_run, wait_hostname_resolution

# What XGBoost says when data or settings are wrong, and not XGBoost.
USERS_FAULTS = (
    "label must be in [0,1] for logistic regression",
    "label must be in [0, num_class)",
    "Target is multiclass but average='binary'",
    "feature_names mismatch",
    "Check failed: preds.size() == info.labels_.size()",
    "Check failed: !auc_error AUC: the dataset only contains pos or neg samples",
    "Check failed: base_score > 0.0f && base_score < 1.0f base_score must be in (0,1) for logistic loss",
    "PoissonRegression: label must be nonnegative",
    "TweedieRegression: label must be nonnegative",
    "Parameter reg_lambda should be greater equal to 0",
)
# Of the image, not of XGBoost, which would warn of each.
NOT_XGBOOSTS = (
    "num_round",
    "csv_weights",
    "early_stopping_rounds",
    "eval_metric",
    "save_model_on_termination",
    "use_dask_gpu_training",
    "_kfold",
    "_num_cv_round",
    "_tuning_objective_metric",
)


@dataclass(frozen=True)
class Place:
    """Where a job's files are, and what it runs on."""

    config: Path
    channels: Mapping[str, str]
    model: Path
    output: Path
    hosts: Sequence[str]
    host: str
    gpus: int

    def read(self, name: str) -> dict[str, Any]:
        """A configuration file, as it is written: every hyperparameter is a text."""
        path = self.config / name
        return json.loads(path.read_text()) if path.is_file() else {}


@dataclass(frozen=True)
class Data:
    """The channels, read."""

    train: xgboost.DMatrix | None
    validation: xgboost.DMatrix | None
    both: xgboost.DMatrix | None
    has_all: bool = True


def train(place: Place) -> None:
    """Judge hyperparameters, then channels, then data; train, and write the model."""
    logging.basicConfig(
        format="[%(asctime)s:%(levelname)s] %(message)s",
        datefmt="%Y-%m-%d:%H:%M:%S",
        level=logging.INFO,
        stream=sys.stdout,
        force=True,
    )
    logging.info("Running XGBoost Sagemaker in algorithm mode")
    values = validate_hyperparameters(place.read("hyperparameters.json"))
    channels = validate_channels(place.read("inputdataconfig.json"))
    data = _read(place, channels, values)
    if not place.gpus:
        values, changes = without_gpu(values)
        for line in changes:
            logging.warning(line)
    if len(place.hosts) == 1:
        _train_and_save(place, data, values, is_master=True)
        return
    rabit_run(
        exec_fun=_train_and_save,
        args={"place": place, "data": data, "values": values},
        include_in_training=data.has_all,
        hosts=place.hosts,
        current_host=place.host,
        update_rabit_args=True,
    )


def _train_and_save(place: Place, data: Data, values: dict[str, Any], is_master: bool) -> None:
    """Of several hosts one writes the model."""
    try:
        models = _grow_all(place, data, values, is_master=is_master)
    # XGBoost's failures, and those of the scores that it calls, are of every class.
    except Exception as failure:  # noqa: BLE001
        if any(said in str(failure) for said in USERS_FAULTS):
            raise UserError(str(failure)) from None
        raise AlgorithmError(f"XGB train call failed with exception:\n {failure}") from None
    if is_master:
        for name, model in models.items():
            model.save_model(place.model / name)


def _read(place: Place, channels: Mapping[str, Mapping[str, str]], values: Mapping[str, Any]) -> Data:
    # The content type of the train channel is that of both.
    config = channels["train"]
    options = (config["ContentType"], values.get("csv_weights", 0), config["TrainingInputMode"] == "Pipe")
    train = get_dmatrix(place.channels["train"], *options)
    validation = None
    if "validation" in channels:
        validation = get_dmatrix(place.channels["validation"], *options)
    lacking = [f"training channel path {place.channels['train']}"] if train is None else []
    if "validation" in channels and validation is None:
        lacking.append(f"validation channel path {place.channels['validation']}")
    if len(place.hosts) > 1:
        logging.info("Distributed node training with %s hosts: %s", len(place.hosts), list(place.hosts))
        wait_hostname_resolution(place.hosts)
    elif lacking:
        raise UserError(f"No data in {lacking[0]}")
    else:
        logging.info("Single node training.")
    if lacking:
        logging.warning("Host %s does not have data in %s", place.host, lacking[0])
        return Data(train, validation, train, has_all=False)
    logging.info("Train matrix has %s rows and %s columns", train.num_row(), train.num_col())
    if validation is not None:
        logging.info("Validation matrix has %s rows", validation.num_row())
    both = train
    if "_kfold" in values and validation is not None:
        both = get_dmatrix([place.channels["train"], place.channels["validation"]], *options)
    return Data(train, validation, both)


def _grow_all(
    place: Place, data: Data, values: dict[str, Any], *, is_master: bool
) -> dict[str, xgboost.Booster]:
    """The models by the names of their files."""
    tuned = (values.get("_tuning_objective_metric") or "").partition(":")[2] or None
    asked = values.get("eval_metric")
    native, feval = choose_metrics(tuned, asked)
    parameters = {name: value for name, value in values.items() if name not in NOT_XGBOOSTS}
    if "updater" in parameters:
        parameters["updater"] = ",".join(parameters["updater"])
    if native:
        parameters["eval_metric"] = native
    has_validation = data.validation is not None or "_kfold" in values
    checkpoints = place.read("checkpointconfig.json").get("LocalPath")
    wishes = Wishes(
        model_folder=place.model,
        checkpoint_folder=Path(checkpoints) if checkpoints else None,
        stop_rounds=values.get("early_stopping_rounds"),
        stop_by=(tuned or (asked[-1] if asked else None)) if has_validation else None,
        save_on_termination=is_master and values.get("save_model_on_termination") == "true",
    )
    growing = _Growing(parameters, values["num_round"], feval, wishes)
    if "_kfold" in values:
        models = cross_validate(data.both, values, growing.grow, place.output / "predictions.csv")
        return {f"{MODEL}-{number}": model for number, model in enumerate(models)}
    watched = [(data.train, "train")]
    if data.validation is not None:
        watched.append((data.validation, "validation"))
    return {MODEL: growing.grow(data.train, watched, None, {})}


@dataclass(frozen=True)
class _Growing:
    """One call of XGBoost, with all that is the same for every fold."""

    parameters: dict[str, Any]
    rounds: int
    feval: Feval | None
    wishes: Wishes

    def grow(
        self,
        matrix: xgboost.DMatrix,
        watched: list[tuple[xgboost.DMatrix, str]],
        fold: int | None,
        log: dict[str, Any],
    ) -> xgboost.Booster:
        watching = watch(self.wishes, fold)
        return xgboost.train(
            self.parameters,
            matrix,
            num_boost_round=self.rounds - watching.rounds,
            evals=watched,
            # Unlike custom_metric, which is its new name, feval is given raw margins.
            feval=self.feval,
            evals_result=log,
            callbacks=watching.callbacks,
            xgb_model=watching.model,
            verbose_eval=False,
        )
