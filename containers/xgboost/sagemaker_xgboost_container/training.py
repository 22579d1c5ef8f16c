"""What `train` calls in the XGBoost image: the user's script, through the training toolkit.

SageMaker's own image installs the script as a module first and runs it with `python -m`; here it runs as
a file, as in every other framework image.
"""

from sagemaker_training import entry_point, environment, errors


def main():
    """Run the script that the job names; its crash is the toolkit's to report."""
    env = environment.Environment()
    if not env.user_entry_point:
        raise errors.ClientError(
            "XGBoost's algorithm mode (a job without a script) is not supported by this image. "
            "Set the hyperparameters sagemaker_program and sagemaker_submit_directory "
            "(the SDK's XGBoost estimator does so from entry_point)."
        )
    entry_point.run(env.module_dir, env.user_entry_point, env.to_cmd_args(), env.to_env_vars())
