"""The codes of settings that change nothing on one machine, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity


def _kind(code: str, title: str, meaning: str, example: str, remedy: str) -> FindingKind:
    return FindingKind(code, Severity.NOTE, title, meaning, example, remedy)


_NOTHING = "Nothing to do; it takes effect on AWS."

SETTING_KINDS = (
    FindingKind(
        "ST201",
        Severity.ERROR,
        "Not supported by the engine",
        "A job asks for something that the chosen engine cannot do. Said before anything runs.",
        "`FeatureStoreOutput` of a processing output.",
        "Change the step, or leave it out of the run.",
    ),
    _kind(
        "ST202",
        "Ignored by the engine",
        "A job sets something that the chosen engine accepts and does in its own way, or not at all.",
        "`tree_method: gpu_hist`: no container here has a GPU, so XGBoost runs on the CPU.",
        _NOTHING,
    ),
    FindingKind(
        "ST203",
        Severity.ERROR,
        "Model that nobody made",
        "A Transform step or an endpoint's configuration names a model by a text, or an Endpoint step its "
        "configuration, and no execution of this project created one of that name: a Model step's model has "
        "its execution's id in its own.",
        "`ModelName: churn-model`, which exists in an account on AWS.",
        "Let a Model step of the pipeline create the model, and refer to it: "
        '`{"Get": "Steps.<step>.ModelName"}`.',
    ),
    FindingKind(
        "ST204",
        Severity.ERROR,
        "Function without code",
        "A Lambda step calls a function whose code is nowhere: the pipeline's own code did not create it "
        "with a handler, and the settings name none. Functions in another language than Python count as "
        "well.",
        "`FunctionArn: arn:aws:lambda:us-east-1:123456789012:function:notify`, in an account on AWS.",
        'Name its code in the settings: a table `[functions."notify"]` with `path` and `handler`.',
    ),
    _kind(
        "ST205",
        "Waits for an answer",
        "Nobody in the settings answers a Callback step: a run waits until somebody types the answer.",
        "`SqsQueueUrl` of a queue that a system on AWS reads.",
        "`seatrial callback list` shows what waits; name a command or a hook in the settings, `[callbacks]`, "
        "to have it answered.",
    ),
    FindingKind(
        "ST206",
        Severity.ERROR,
        "Endpoint that would not be there",
        "A step that is selected comes after an Endpoint step that is not: an endpoint stands only as long "
        "as the execution that deployed it.",
        "`--only Smoke`, where `Smoke` asks the endpoint of the step `Deploy`.",
        "Select the Endpoint step as well; the steps before it are taken from the earlier execution.",
    ),
    FindingKind(
        "ST230",
        Severity.NOTE,
        "Step substituted",
        "Something else does the step's work here, as the settings or the command line say: its own job is "
        "not tried.",
        '`[substitutes."LoadData"]` with `outputs = { DATA = "fixtures/data" }`.',
        "Nothing to do; take the substitute away to run the step itself.",
    ),
    FindingKind(
        "ST231",
        Severity.ERROR,
        "Substitute that does not fit",
        "What stands in for a step names an output, input or property that the step has not, lacks what "
        "another step reads, or is not there.",
        '`outputs = { DTA = "fixtures/data" }` for a step that declares `DATA`.',
        "Write the substitute as the message says; docs/substitutes.md has an example of each.",
    ),
    FindingKind(
        "ST232",
        Severity.WARNING,
        "Substitute for no step",
        "The settings have a substitute for a step that the pipeline has not, so nothing is substituted.",
        '`[substitutes."LoadDta"]` in a project whose pipeline has the step `LoadData`.',
        "Correct the name, or take the substitute away.",
    ),
    FindingKind(
        "ST233",
        Severity.ERROR,
        "Step that needs a substitute",
        "The step's type needs a system that nobody has on one machine. It runs by what the settings say "
        "does its work: properties and data, or a recorded execution.",
        "An AutoML, EMR or Athena step.",
        "Write the substitute that the hint shows into seatrial.toml, or use --replay-from.",
    ),
    _kind(
        "ST234",
        "Suppression without effect",
        "The settings suppress a finding, and an execution that came to its end had none that fits: it was "
        "corrected, or the entry is misspelt.",
        '`[[suppress]]` with `code = "ST104"` and `step = "Preproces"`.',
        "Take the entry out of `[[suppress]]`, or correct its code, step or where.",
    ),
    _kind(
        "ST235",
        "Contract for no step",
        "The settings have a script contract for a step that the pipeline has not, or that runs no script; "
        "or a contract of contents for an output or input that it has not. Nothing is held to it.",
        '`[contracts]` with `"Preproces" = "contracts.py:PREPROCESS"`; `[contents."Preprocess.trian"]`.',
        "Correct the name; nothing to do if another pipeline of the project has the step.",
    ),
    FindingKind(
        "ST240",
        Severity.ERROR,
        "Function that its image cannot load",
        "A function of `@step` was compiled with another Python than its image has, or with an SDK whose "
        "payloads the image's SDK refuses. An error if that is so here, a warning if it is so on AWS.",
        "A function compiled with Python 3.11, whose image is `sagemaker-base-python-310`.",
        "Compile with the image's Python, or name an image with yours.",
    ),
    _kind(
        "ST210",
        "Encryption keys",
        "KMS keys are not used: the local store holds objects unencrypted.",
        "`KmsKeyId` in an output configuration.",
        "Nothing to do; whether the role may use the key shows on AWS only.",
    ),
    _kind(
        "ST211",
        "Private network",
        "VPC, subnets, security groups and traffic encryption are not made. Network isolation is.",
        "`NetworkConfig.VpcConfig` of a processing step.",
        "Nothing to do; whether the subnet reaches what the script needs shows on AWS only.",
    ),
    _kind("ST212", "Tags", "Tags are not kept.", "`Tags` of a training step.", _NOTHING),
    _kind(
        "ST213",
        "Volume size",
        "Containers share this machine's disk; no volume is made and no size enforced.",
        "`VolumeSizeInGB: 30`.",
        "Nothing to do; look at the sizes in the outputs table when choosing one for AWS.",
    ),
    _kind(
        "ST214",
        "Spot and warm capacity",
        "There is no capacity to wait for: spot training, waiting time and warm pools change nothing.",
        "`EnableManagedSpotTraining: true`.",
        _NOTHING,
    ),
    _kind(
        "ST215",
        "Experiments",
        "No experiment, trial or MLflow run is made; the names are kept with the execution.",
        "`PipelineExperimentConfig` of the definition.",
        _NOTHING,
    ),
    _kind(
        "ST216",
        "Role",
        "The execution role is not assumed: jobs reach every data bucket of the local store.",
        "`RoleArn` of a training step.",
        "`--role-policy FILE` holds jobs, and the staging of their data, to the role's S3 permissions; all "
        "else that it needs shows on AWS only.",
    ),
    _kind(
        "ST217",
        "Debugger and profiler",
        "Debugger hooks and rules, profiler and TensorBoard uploads are not run.",
        "`DebugHookConfig` with collections.",
        _NOTHING,
    ),
    _kind(
        "ST218",
        "Caching of a step without a job",
        "Steps of this type always run: only processing, training, transform and tuning steps are taken from "
        "an earlier execution.",
        '`CacheConfig: {"Enabled": true}` of a Lambda step.',
        _NOTHING,
    ),
    _kind(
        "ST219",
        "Retries of what does not happen here",
        "Nothing is throttled here, and no capacity or quota runs out. Policies act on "
        "`Step.SERVICE_FAULT` and `SageMaker.JOB_INTERNAL_ERROR` alone, and a training "
        "job's own `RetryStrategy` on nothing.",
        "`RetryPolicies` of a processing step that name `SageMaker.CAPACITY_ERROR`.",
        _NOTHING,
    ),
    _kind(
        "ST220",
        "Accelerators",
        "The instance type has a GPU or another accelerator that containers do not get here.",
        "`InstanceType: ml.g4dn.xlarge`.",
        "Make the script run on a CPU, with little data, where none is there.",
    ),
)
