"""What `train` calls in the scikit-learn image: the user's script, through the training toolkit."""

from sagemaker_training import entry_point, environment, errors


def main():
    """Run the script that the job names; its crash is the toolkit's to report."""
    env = environment.Environment()
    if not env.user_entry_point:
        raise errors.ClientError(
            "No script to train with: the scikit-learn image has no algorithm of its own. "
            "Set the hyperparameters sagemaker_program and sagemaker_submit_directory "
            "(the SDK's SKLearn estimator does so from entry_point)."
        )
    # Standard error is not captured, as in SageMaker's own image: the failure text names the command only.
    entry_point.run(env.module_dir, env.user_entry_point, env.to_cmd_args(), env.to_env_vars())
