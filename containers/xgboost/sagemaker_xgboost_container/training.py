"""What `train` calls in the XGBoost image: the user's script if the job names one, else the algorithm.

SageMaker's own image installs the script as a module first and runs it with `python -m`; here it runs as
a file, as in every other framework image.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from sagemaker_training import entry_point, environment, errors

# A job's reason holds a thousand characters, and the error's own words stand at the end.
FRAMES = -3


def main() -> None:
    """Script mode if there is a script; its crash is the toolkit's to report."""
    env = environment.Environment()
    if env.user_entry_point:
        entry_point.run(env.module_dir, env.user_entry_point, env.to_cmd_args(), env.to_env_vars())
    else:
        _run_algorithm(env)


def _run_algorithm(env: environment.Environment) -> None:
    # XGBoost takes its time to import, and script mode need not wait for it.
    from sagemaker_xgboost_container.algorithm_mode.training import Place, train

    place = Place(
        config=Path(env.input_config_dir),
        channels=env.channel_input_dirs,
        model=Path(env.model_dir),
        output=Path(env.output_data_dir),
        hosts=env.hosts,
        host=env.current_host,
        gpus=int(env.num_gpus),
    )
    try:
        train(place)
    # A job ends with a report, whatever went wrong.
    except Exception as failure:  # noqa: BLE001
        # The toolkit reports an error of this class by its text alone: this image has a form of its own.
        report = f"framework error: \n{traceback.format_exc(limit=FRAMES)}\n{failure}"
        raise errors.ClientError(report) from None
