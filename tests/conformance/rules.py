"""How the service treats a job, rule by rule: how sure we are, and the case or test that holds the rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Sure(str, Enum):
    """Where a rule comes from."""

    MODEL = "confirmed by the service's model"
    DOCUMENTED = "documented"
    OBSERVED = "observed in published runs"
    ASSUMED = "assumed"
    DIFFERENT = "different here"


@dataclass(frozen=True)
class Rule:
    """One behaviour; `held_by` are names of cases, or `file::function` of other tests.

    `setting` is the field of `settings.fidelity` that turns it where nobody knows.
    """

    text: str
    sure: Sure
    held_by: tuple[str, ...]
    setting: str | None = None


_ENGINE = "tests/unit/engines/native/test_engine.py"
_ENDINGS = "tests/unit/engines/native/test_endings.py"
_PREFIX = "tests/unit/engines/native/test_prefix.py"
_STAGE_IN = "tests/unit/engines/native/test_stage_in.py"
_STAGE_OUT = "tests/unit/engines/native/test_stage_out.py"
_MANIFESTS = "tests/unit/engines/native/test_manifests.py"
_FAST_FILE = "tests/unit/engines/native/test_fast_file.py"
_PIPES = "tests/unit/engines/native/test_pipes.py"
_AUGMENTED = "tests/unit/engines/native/test_augmented.py"
_RECORDIO = "tests/unit/engines/native/test_recordio.py"
_MODES = "tests/unit/definition/test_input_modes.py"
_CONTINUOUS = "tests/unit/engines/native/test_continuous.py"
_INSTANCES_OF = "tests/unit/engines/native/test_instances.py"
_SHARDING = "tests/unit/engines/native/test_sharding.py"
_OWN_TRANSFERS = "tests/unit/engines/native/test_own_transfers.py"
_FUNCTIONS = "tests/unit/engines/native/test_remote_functions.py"
_COMPILED = "tests/functional/cli/test_functions.py"
_OFFLINE = "tests/unit/containers/test_seatrial_offline.py"
_TUNING = "tests/unit/engines/tuning/test_engine.py"
_TUNING_STEPS = "tests/functional/execution/test_tuning_steps.py"
_METRICS = "tests/unit/engines/test_metrics.py"
_ALGORITHMS = "tests/unit/engines/test_algorithms.py"
_INSTANCES = "tests/unit/engines/test_instances.py"
_ALGORITHM_MODE = "tests/integration/test_algorithm_mode.py"
_ARCHIVES = "tests/unit/engines/native/test_archives.py"
_REAL = "tests/integration/test_native_engine.py"
_TRANSFORM = "tests/unit/engines/serving/test_engine.py"
_RECORDS = "tests/unit/engines/serving/test_records.py"
_ASSOCIATING = "tests/unit/engines/serving/test_associating.py"
_JSON_PATH = "tests/unit/engines/serving/test_json_path.py"
_SERVED = "tests/integration/test_serving_engine.py"
_SEVERAL = "tests/unit/engines/serving/test_several_containers.py"
_HOSTING = "tests/unit/engines/hosting/test_engine.py"
_DESK = "tests/unit/engines/hosting/test_front_desk.py"
_ENDPOINT_STEPS = "tests/functional/execution/test_endpoint_steps.py"
_DEPLOYED = "tests/functional/cli/test_models.py"
_REGISTRY = "tests/unit/records/test_model_registry.py"
_SHARED = "tests/integration/test_shared_inputs.py"

RULES: dict[str, tuple[Rule, ...]] = {
    "The container": (
        Rule(
            "Its host name is `algo-1`, and resolves, also without a network.",
            Sure.DOCUMENTED,
            ("processing-isolated", "processing-container"),
        ),
        Rule(
            "`AWS_REGION` is set.",
            Sure.OBSERVED,
            ("processing-container", "processing-without-default-region"),
        ),
        Rule(
            "`AWS_DEFAULT_REGION` is set. It was not among the variables of published runs; without it a "
            "script that makes a client without a region fails.",
            Sure.DIFFERENT,
            ("processing-container", "processing-without-default-region"),
            "set_default_region",
        ),
        Rule(
            "S3 answers under `AWS_ENDPOINT_URL_S3`, `S3_ENDPOINT_URL` and, for clients that know no such "
            "variable, through `AWS_DATA_PATH` and `AWS_CONFIG_FILE`. The service sets none of them.",
            Sure.DIFFERENT,
            ("processing-s3-access", "processing-s3-access-old-clients"),
        ),
        Rule(
            "Credentials are temporary keys in the environment that open every data bucket; the service "
            "serves its role's credentials at an address instead.",
            Sure.DIFFERENT,
            ("processing-s3-access", f"{_ENGINE}::test_credentials_outlast_the_job"),
        ),
        Rule(
            "What the request's `Environment` sets is kept, also over what the platform sets.",
            Sure.ASSUMED,
            ("processing-container",),
        ),
        Rule(
            "With `EnableNetworkIsolation` there is no network and there are no credentials; inputs and "
            "outputs are transferred all the same.",
            Sure.DOCUMENTED,
            (
                "processing-isolated",
                f"{_ENGINE}::test_an_isolated_container_has_neither_network_nor_credentials",
            ),
        ),
        Rule(
            "Memory is limited to that of the instance type, processors to the lesser of the type and the "
            "machine.",
            Sure.DOCUMENTED,
            (
                f"{_INSTANCES}::test_a_type_has_the_size_of_its_family",
                f"{_ENGINE}::test_the_container_gets_the_memory_and_processors_of_its_instance_type",
            ),
        ),
        Rule(
            "`/dev/shm` may hold half of the memory.",
            Sure.ASSUMED,
            (f"{_ENGINE}::test_the_container_gets_the_memory_and_processors_of_its_instance_type",),
        ),
        Rule(
            "A job may write to its inputs, and nothing else sees that.",
            Sure.ASSUMED,
            (
                "processing-outputs",
                "training-container",
                f"{_SHARED}::test_a_job_that_spoils_its_inputs_spoils_them_for_itself_alone",
            ),
        ),
        Rule(
            "Inputs bear one fixed modification time, and a *folder* of inputs cannot be renamed in one "
            "call, as between two disks (`mv` and `shutil.move` copy then); the service's inputs are plain "
            "files of the job's volume.",
            Sure.DIFFERENT,
            (
                f"{_SHARED}::test_inputs_that_are_moved_to_an_output_are_its_objects",
                f"{_SHARED}::test_a_folder_of_inputs_is_renamed_as_between_two_disks",
            ),
        ),
        Rule("It runs as the user that the image names.", Sure.ASSUMED, ("processing-ordinary-user",)),
    ),
    "Several instances": (
        Rule(
            "Each instance is a container with folders of its own, on a network of the job's own where the "
            "hosts find one another as `algo-1` … `algo-n`. The container's own host name is another.",
            Sure.DOCUMENTED,
            (
                "processing-instances",
                f"{_INSTANCES_OF}::test_each_instance_is_a_container_on_a_network_of_the_jobs_own",
            ),
        ),
        Rule(
            "`resourceconfig.json` tells each host of all, `hosts` sorted as text.",
            Sure.OBSERVED,
            ("processing-instances", f"{_INSTANCES_OF}::test_each_host_is_told_who_it_is"),
        ),
        Rule(
            "Isolated hosts reach one another, and nothing else.",
            Sure.DOCUMENTED,
            (
                "training-instance-groups",
                f"{_INSTANCES_OF}::test_isolated_instances_reach_one_another_and_nothing_else",
            ),
        ),
        Rule(
            "Instance groups are numbered one after the other; a channel with `InstanceGroupNames` is empty "
            "on the hosts of other groups.",
            Sure.ASSUMED,
            (
                "training-instance-groups",
                f"{_SHARDING}::test_a_group_shares_what_is_for_it_and_the_others_have_nothing",
                f"{_SHARDING}::test_hosts_are_numbered_through_all_groups",
            ),
        ),
        Rule(
            "Of `ShardedByS3Key` inputs each host has about as many objects: sorted by key, the i-th goes to "
            "host i modulo n. Which host has which is not known of the service.",
            Sure.ASSUMED,
            (
                "processing-instances",
                f"{_SHARDING}::test_every_object_goes_to_exactly_one_host",
                f"{_SHARDING}::test_objects_are_dealt_in_the_order_of_their_keys",
            ),
        ),
        Rule(
            "Any other exit code than 0 of any host fails the job.",
            Sure.DOCUMENTED,
            (
                "training-instances-failure",
                f"{_INSTANCES_OF}::test_one_that_fails_ends_the_others_and_decides",
            ),
        ),
        Rule(
            "The hosts that still run are then stopped, and the text of another's `/opt/ml/output/failure` "
            "counts where the failing one left none.",
            Sure.ASSUMED,
            (
                "training-instances-failure",
                f"{_INSTANCES_OF}::test_the_failure_text_may_be_another_hosts",
            ),
        ),
        Rule(
            "The hosts' model folders become one archive.",
            Sure.DOCUMENTED,
            ("training-instance-groups", f"{_INSTANCES_OF}::test_the_model_is_one_archive_of_all_hosts"),
        ),
        Rule(
            "Every host's outputs go to the same prefix; of a name that several use the last writing is "
            "kept, and a warning names it.",
            Sure.ASSUMED,
            (
                "processing-instances",
                f"{_INSTANCES_OF}::test_outputs_are_merged_and_the_last_writer_of_a_name_wins",
            ),
        ),
        Rule(
            "A checkpoint goes from S3 when the last host that has it removes it.",
            Sure.ASSUMED,
            (f"{_INSTANCES_OF}::test_checkpoints_that_one_host_removes_and_another_keeps_stay",),
        ),
        Rule(
            "The exit messages of all hosts are one text, cut to 1024 bytes.",
            Sure.DOCUMENTED,
            ("processing-instances", f"{_INSTANCES_OF}::test_exit_messages_are_one_text"),
        ),
        Rule(
            "XGBoost's algorithm trains on all hosts that have data, together; one of them writes the model.",
            Sure.DOCUMENTED,
            (f"{_ALGORITHM_MODE}::test_several_hosts_grow_one_model_and_one_without_data_leaves",),
        ),
        Rule(
            "Of a metric that several hosts print, the first host's last value counts.",
            Sure.ASSUMED,
            (
                "training-instance-groups",
                f"{_INSTANCES_OF}::test_what_all_print_is_one_log_by_host_and_the_first_has_the_last_word_on_metrics",
            ),
        ),
    ),
    "Inputs": (
        Rule(
            "Every key that starts with the prefix counts; no slash is implied.",
            Sure.MODEL,
            ("processing-prefixes", f"{_PREFIX}::test_a_key_keeps_what_the_prefix_does_not_name"),
        ),
        Rule(
            "Keys under `prefix/` lose it; a key that matches in part keeps all after the last slash of "
            "the prefix.",
            Sure.OBSERVED,
            ("processing-prefixes", f"{_PREFIX}::test_a_partial_match_keeps_its_last_component_whole"),
        ),
        Rule(
            "A prefix that is an object's key gives its base name.",
            Sure.OBSERVED,
            ("processing-prefixes",),
        ),
        Rule(
            "Folders and partial matches under one prefix come together.",
            Sure.ASSUMED,
            ("processing-prefixes", "training-container"),
        ),
        Rule(
            "An empty object whose key ends in a slash is a folder.", Sure.ASSUMED, ("processing-prefixes",)
        ),
        Rule(
            "An empty prefix fails a processing job: `ClientError: Failed to download data. …`.",
            Sure.OBSERVED,
            ("processing-empty-input",),
        ),
        Rule(
            "An empty prefix is a `ValidationException` of CreateTrainingJob: there is no job.",
            Sure.OBSERVED,
            ("training-empty-channel",),
        ),
        Rule(
            "Keys that cannot all be files, or that would leave the input's folder, fail the job; so do two "
            "inputs, or an input and an output, that want one path to be a file and a folder.",
            Sure.ASSUMED,
            (
                f"{_STAGE_IN}::test_a_file_may_not_lie_where_another_input_has_a_folder",
                f"{_STAGE_IN}::test_a_file_may_not_lie_where_an_output_has_its_folder",
                f"{_STAGE_IN}::test_an_object_that_is_file_and_folder_is_said_as_the_service_does",
                f"{_STAGE_IN}::test_no_key_leaves_its_input",
            ),
        ),
    ),
    "Input modes": (
        Rule(
            "A `ManifestFile` is a JSON array: an object with a `prefix`, then what follows it in each URI."
            " It stays in one bucket.",
            Sure.MODEL,
            (
                "processing-manifest",
                "training-manifest",
                f"{_MANIFESTS}::test_each_object_is_prefix_and_suffix_and_is_found_in_the_manifests_order",
            ),
        ),
        Rule(
            "Its files are called by what follows the prefix.",
            Sure.ASSUMED,
            (
                "processing-manifest",
                f"{_MANIFESTS}::test_whole_keys_can_be_asked_for",
            ),
            "manifest_names",
        ),
        Rule(
            "A manifest that is none, or that names what is not there, fails the job: `ClientError: Failed "
            "to download data. …`, here with the line.",
            Sure.ASSUMED,
            (
                "processing-manifest-of-missing",
                f"{_MANIFESTS}::test_what_is_wrong_is_told_with_its_line",
            ),
        ),
        Rule(
            "A transform's outputs are called by what follows the manifest's prefix.",
            Sure.ASSUMED,
            (f"{_TRANSFORM}::test_a_manifest_says_which_objects_and_what_their_outputs_are_called",),
        ),
        Rule(
            "A FastFile channel is a folder that nobody can write to.",
            Sure.DOCUMENTED,
            (
                "training-fast-file",
                f"{_FAST_FILE}::test_its_files_cannot_be_written_to_and_those_of_file_mode_can",
            ),
        ),
        Rule(
            "It is there whole before the container starts: nothing is streamed.",
            Sure.DIFFERENT,
            ("training-fast-file",),
        ),
        Rule(
            "FastFile needs a whole folder or file: a prefix that other keys begin with fails the job.",
            Sure.OBSERVED,
            ("training-fast-file-partial-prefix",),
        ),
        Rule(
            "`inputdataconfig.json` says `File` for a FastFile channel, the only word for it that XGBoost's"
            " image takes.",
            Sure.ASSUMED,
            ("training-fast-file",),
        ),
        Rule(
            "`Pipe` and `FastFile` do not go together in one job.",
            Sure.OBSERVED,
            (f"{_FAST_FILE}::test_it_does_not_go_together_with_pipes",),
        ),
        Rule(
            "FastFile reads an `S3Prefix`; `AugmentedManifestFile`, `CompressionType` and "
            "`RecordWrapperType` are for Pipe mode alone, and refused elsewhere.",
            Sure.MODEL,
            (f"{_MODES}::test_each_is_refused_at_its_place",),
        ),
        Rule(
            "In Pipe mode a channel is a FIFO `/opt/ml/input/data/<channel>_<epoch>`, from 0; all objects "
            "come one after another, in the order of their keys or of the manifest.",
            Sure.DOCUMENTED,
            ("training-pipe", f"{_PIPES}::test_every_epoch_is_all_objects_in_the_order_of_their_keys"),
        ),
        Rule(
            "The next epoch's FIFO appears when the one before was read to its end or closed early; then "
            "that one is gone.",
            Sure.ASSUMED,
            (
                "training-pipe",
                f"{_PIPES}::test_an_epoch_may_be_closed_early",
                f"{_PIPES}::test_a_pipe_goes_with_its_epoch_and_there_is_no_folder",
            ),
        ),
        Rule(
            "A container may leave its pipes alone, and may end or be stopped in the middle of one.",
            Sure.DOCUMENTED,
            (
                "training-pipe-unread",
                "training-pipe-stopped",
                f"{_PIPES}::test_a_container_that_ends_in_the_middle_of_an_epoch_leaves_nobody_writing",
            ),
        ),
        Rule(
            "A processing input's FIFO is `<LocalPath>_0`.",
            Sure.ASSUMED,
            ("processing-pipe",),
        ),
        Rule(
            "The objects are there before the container starts, and are sent from this machine.",
            Sure.DIFFERENT,
            ("training-pipe",),
        ),
        Rule(
            "`Gzip` objects are unpacked on the way; what cannot be unpacked fails the job, whatever its "
            "container makes of it.",
            Sure.ASSUMED,
            ("training-pipe", "processing-pipe", "training-pipe-not-gzip"),
        ),
        Rule(
            "`RecordIO` wraps each object as one record; one that holds the magic number at a multiple of "
            "four is cut there, as MXNet's writer does.",
            Sure.MODEL,
            (
                f"{_PIPES}::test_each_object_is_one_record_if_it_is_to_be_wrapped",
                f"{_RECORDIO}::test_frames_lie_at_multiples_of_four_and_the_magic_number_nowhere_else",
            ),
        ),
        Rule(
            "`ShuffleConfig` gives every epoch an order of its own, which its seed decides; in File and "
            "FastFile mode it changes nothing.",
            Sure.MODEL,
            (
                "training-pipe-shuffled",
                f"{_PIPES}::test_a_seed_gives_every_epoch_its_own_order_and_the_same_in_every_run",
            ),
        ),
        Rule(
            "Of several hosts each shuffles its own share; the service also moves objects between them from"
            " epoch to epoch.",
            Sure.DIFFERENT,
            (
                "training-pipe-sharded",
                f"{_PIPES}::test_every_host_has_pipes_of_its_own_and_a_share_of_the_lines",
            ),
        ),
        Rule(
            "An `AugmentedManifestFile` sends the attributes that were asked for, in that order: the object"
            " in the place of one that ends in `-ref`, others as text. Each is a RecordIO record of its "
            "own; unwrapped, nothing stands between them.",
            Sure.DOCUMENTED,
            (
                "training-augmented-manifest",
                f"{_PIPES}::test_an_augmented_manifest_sends_its_attributes",
                f"{_PIPES}::test_a_shuffle_keeps_the_attributes_of_a_line_together",
            ),
        ),
        Rule(
            "An attribute that a line has not fails the job.",
            Sure.ASSUMED,
            (f"{_AUGMENTED}::test_what_is_wrong_is_told_with_its_line",),
        ),
        Rule(
            "Pipes need an engine that sees the files of this machine; elsewhere the job is not begun.",
            Sure.DIFFERENT,
            (f"{_PIPES}::test_an_engine_that_does_not_see_our_files_has_no_pipes",),
        ),
    ),
    "Processing": (
        Rule(
            "Docker's own rules start it: nothing set keeps ENTRYPOINT and CMD, an entrypoint clears both, "
            "arguments alone keep ENTRYPOINT.",
            Sure.DOCUMENTED,
            (
                "processing-image-start",
                "processing-entrypoint-only",
                "processing-arguments-only",
                "processing-entrypoint-and-arguments",
            ),
        ),
        Rule(
            "`/opt/ml/config/processingjobconfig.json` holds the request and the ARN, absent values as null.",
            Sure.DOCUMENTED,
            ("processing-container",),
        ),
        Rule(
            "`/opt/ml/config/resourceconfig.json` has the shape that training jobs see, which includes the "
            "documented one.",
            Sure.ASSUMED,
            ("processing-container",),
        ),
        Rule(
            "Output folders are there before the start.",
            Sure.MODEL,
            ("processing-container", "processing-outputs"),
        ),
        Rule(
            "`LocalPath` lies below `/opt/ml/processing/`.",
            Sure.MODEL,
            (f"{_STAGE_IN}::test_a_local_path_elsewhere_is_refused_before_anything_runs",),
        ),
        Rule(
            "Each file becomes `<S3Uri>/<path relative to LocalPath>`, whether or not the URI ends in a "
            "slash.",
            Sure.DOCUMENTED,
            ("processing-outputs", f"{_STAGE_OUT}::test_keys_are_joined_by_exactly_one_slash"),
        ),
        Rule(
            "Symbolic links in outputs are neither followed nor uploaded.",
            Sure.DOCUMENTED,
            (
                "processing-outputs",
                f"{_STAGE_OUT}::test_an_output_behind_a_link_does_not_give_away_this_machine",
            ),
        ),
        Rule(
            "Of two outputs with one S3Uri and files of one name, the later output's file stays.",
            Sure.ASSUMED,
            (f"{_STAGE_OUT}::test_outputs_with_one_name_tell_of_the_one_object_that_is_there",),
        ),
        Rule(
            "Keys that S3 has and MinIO cannot hold (`a//b`; `a/b` beside an object `a`) fail the job.",
            Sure.DIFFERENT,
            (
                f"{_STAGE_OUT}::test_a_key_that_the_store_cannot_hold_fails_the_job_and_says_what_to_do",
                f"{_STAGE_OUT}::test_an_object_that_another_hides_fails_the_job",
            ),
        ),
        Rule("An output without files does not fail the job.", Sure.ASSUMED, ("processing-outputs",)),
        Rule(
            "A failed job's `EndOfJob` outputs are not uploaded.",
            Sure.ASSUMED,
            ("processing-failure", "processing-failure-keeping-outputs"),
            "upload_outputs_on_failure",
        ),
        Rule(
            "`Continuous` outputs are uploaded while the job runs, a file that is being written perhaps in "
            "part, and however the job ends; here about once a second.",
            Sure.OBSERVED,
            ("processing-continuous", "processing-failure"),
        ),
        Rule(
            "What was uploaded while the job ran stays, although its file is removed later.",
            Sure.ASSUMED,
            ("processing-continuous",),
        ),
        Rule(
            "Inputs with `AppManaged` are not downloaded, outputs with it not uploaded: the application does "
            "it, and what it wrote beneath `S3Uri` counts as the output.",
            Sure.DOCUMENTED,
            (
                "processing-app-managed",
                f"{_OWN_TRANSFERS}::test_what_it_may_fetch_is_listed_and_not_staged",
                f"{_OWN_TRANSFERS}::test_what_the_application_wrote_counts_however_it_ends",
            ),
        ),
        Rule(
            "`FailureReason` is `AlgorithmError: , exit code: N`.",
            Sure.OBSERVED,
            ("processing-failure",),
        ),
        Rule(
            "The text of `/opt/ml/output/failure` stands in it, as in a training job's.",
            Sure.ASSUMED,
            ("processing-failure-file",),
        ),
        Rule(
            "With an exit message it reads `AlgorithmError: See job logs for more information`; the exit "
            "code is added here.",
            Sure.DIFFERENT,
            ("processing-exit-message-of-failure",),
        ),
        Rule(
            "The first KB of `/opt/ml/output/message` is the `ExitMessage`, whatever the status.",
            Sure.DOCUMENTED,
            (
                "processing-exit-message",
                "processing-exit-message-of-failure",
                "processing-message-behind-a-link",
            ),
        ),
        Rule(
            "A message that is not UTF-8 fails the job with `ClientError`.",
            Sure.DOCUMENTED,
            ("processing-exit-message-not-text",),
        ),
        Rule(
            "An entrypoint that is not there is exit code 127; the reason is added here.",
            Sure.DIFFERENT,
            ("processing-entrypoint-missing",),
        ),
        Rule(
            "An image that is not there: `ClientError: API error (404): manifest for … not found: …`.",
            Sure.OBSERVED,
            ("processing-image-missing",),
        ),
        Rule(
            "Past `MaxRuntimeInSeconds` the job is stopped and has failed.",
            Sure.ASSUMED,
            (
                "processing-timeout",
                f"{_ENDINGS}::test_processing_past_its_limit_ends_as_the_setting_says",
            ),
            "processing_timeout_status",
        ),
        Rule(
            "A stopped job uploads nothing.",
            Sure.ASSUMED,
            ("processing-stopped",),
        ),
    ),
    "Training": (
        Rule("The image is started with `train`.", Sure.DOCUMENTED, ("training-train-command",)),
        Rule(
            "`ContainerEntrypoint` and `ContainerArguments` replace ENTRYPOINT and CMD, without `train`.",
            Sure.MODEL,
            ("training-container", "training-arguments-only"),
        ),
        Rule(
            "`hyperparameters.json` is flat, every value a string; `inputdataconfig.json` is keyed by "
            "channel; `resourceconfig.json` names one host in one group.",
            Sure.DOCUMENTED,
            ("training-container",),
        ),
        Rule(
            "`TRAINING_JOB_NAME`, `TRAINING_JOB_ARN`, `DMLC_INTERFACE` and `AWS_EXECUTION_ENV` are set, "
            "`SM_*` is not: that is the toolkit's.",
            Sure.OBSERVED,
            ("training-container",),
        ),
        Rule("`/opt/ml/input` is writable.", Sure.OBSERVED, ("training-container",)),
        Rule("What the image has in `/opt/ml/code` is there.", Sure.DOCUMENTED, ("training-train-command",)),
        Rule(
            "`/opt/ml/model` becomes `<S3OutputPath>/<job>/output/model.tar.gz`, names relative and "
            "without `./`.",
            Sure.DOCUMENTED,
            (
                "training-container",
                f"{_ARCHIVES}::test_names_are_relative_sorted_and_without_a_dot",
            ),
        ),
        Rule(
            "An empty model folder gives no `model.tar.gz`.",
            Sure.OBSERVED,
            ("training-nothing-written",),
        ),
        Rule(
            "`output.tar.gz` holds the content of `/opt/ml/output/data`, and is made only when there is any.",
            Sure.ASSUMED,
            ("training-container", "training-nothing-written"),
        ),
        Rule("Symbolic links stay out of both archives.", Sure.ASSUMED, ("training-container",)),
        Rule(
            "`FailureReason` is `AlgorithmError: <text of /opt/ml/output/failure>, exit code: N`, 1024 "
            "characters in all.",
            Sure.OBSERVED,
            ("training-failure",),
        ),
        Rule(
            "A failed job uploads neither archive.",
            Sure.ASSUMED,
            ("training-failure",),
            "upload_outputs_on_failure",
        ),
        Rule(
            "Past `MaxRuntimeInSeconds` the job is `Stopped`/`MaxRuntimeExceeded`, its archives uploaded.",
            Sure.MODEL,
            ("training-timeout",),
        ),
        Rule(
            "A stopped job gets SIGTERM and then SIGKILL; ended within the grace, its archives are uploaded.",
            Sure.DOCUMENTED,
            ("training-stopped", "training-killed"),
        ),
        Rule(
            "The grace is `stop_grace_seconds`, 10 s unless set; the service's is 120 s.",
            Sure.DIFFERENT,
            ("training-killed",),
        ),
        Rule(
            "Checkpoints are copied in at the start, and new, changed and deleted ones are carried to S3 "
            "while the job runs and however it ends.",
            Sure.DOCUMENTED,
            (
                "training-checkpoints",
                f"{_CONTINUOUS}::test_checkpoints_go_and_come_while_the_job_runs",
            ),
        ),
        Rule(
            "With `CompressionType` `NONE` the model's files lie beneath `output/model/`, and that prefix, "
            "with its slash, is `S3ModelArtifacts`; `output.tar.gz` is packed as ever.",
            Sure.ASSUMED,
            ("training-uncompressed",),
        ),
        Rule(
            "A job on `sagemaker-xgboost` that defines no metrics has `train:<metric>` and "
            "`validation:<metric>` of every metric that the image knows.",
            Sure.OBSERVED,
            (
                f"{_ALGORITHMS}::test_xgboosts_metrics_are_known_by_its_name_in_any_registry_and_version",
                f"{_ALGORITHMS}::test_the_jobs_own_definitions_stand_alone",
            ),
        ),
        Rule(
            "The last value that a metric's regular expression finds in the log counts; tabs are `#011` "
            "there.",
            Sure.OBSERVED,
            (
                "training-container",
                f"{_METRICS}::test_a_tab_is_searched_as_the_log_shows_it",
            ),
        ),
        Rule(
            "What is no finite number is passed over.",
            Sure.ASSUMED,
            ("training-container", f"{_METRICS}::test_what_is_no_number_leaves_the_last_number"),
        ),
        Rule(
            "An entrypoint that is not there fails the job with exit code 127 and Docker's reason.",
            Sure.DIFFERENT,
            ("training-entrypoint-missing",),
        ),
    ),
    "Models and endpoints": (
        Rule(
            "The containers of a model answer one after another: an answer's body is the next one's request. "
            "Each is told a port of its own, `SAGEMAKER_BIND_TO_PORT`, and more in "
            "`SAGEMAKER_SAFE_PORT_RANGE`.",
            Sure.DOCUMENTED,
            (
                f"{_SEVERAL}::test_the_answer_of_one_is_what_the_next_is_asked",
                f"{_SEVERAL}::test_each_finds_its_own_model_and_its_own_port",
                f"{_DEPLOYED}::test_models_are_repacked_registered_asked_in_a_row_and_deployed",
            ),
        ),
        Rule(
            "The type of an answer is that of the next request, and the last container alone is told what "
            "is accepted.",
            Sure.ASSUMED,
            (
                f"{_SEVERAL}::test_the_answer_of_one_is_what_the_next_is_asked",
                f"{_DESK}::test_containers_in_a_row_answer_one_another",
            ),
        ),
        Rule(
            "Containers without a `ContainerHostname` are `container-1`, `container-2`, …",
            Sure.DOCUMENTED,
            (
                f"{_SEVERAL}::test_each_finds_its_own_model_and_its_own_port",
                f"{_SEVERAL}::test_one_that_dies_or_is_never_ready_is_named",
            ),
        ),
        Rule(
            "A container of an endpoint has four minutes to answer `/ping`, or the variant's "
            "`ContainerStartupHealthCheckTimeoutInSeconds`; else the endpoint is `Failed`.",
            Sure.MODEL,
            (f"{_HOSTING}::test_a_container_that_is_never_ready_fails_it_in_the_service_s_words",),
        ),
        Rule(
            "An error of a container is a `ModelError` with its status and its text.",
            Sure.MODEL,
            (f"{_DESK}::test_an_error_of_a_container_is_a_model_error",),
        ),
        Rule(
            "Requests are shared out between variants by weight, or go to the one that is named.",
            Sure.DOCUMENTED,
            (f"{_DESK}::test_a_variant_is_chosen_by_name_or_by_weight",),
        ),
        Rule(
            "An Endpoint step whose endpoint is there updates it.",
            Sure.DOCUMENTED,
            (f"{_HOSTING}::test_a_second_one_of_the_same_name_takes_the_place_of_the_first",),
        ),
        Rule(
            "A second configuration of a name takes the place of the first; the service refuses it.",
            Sure.DIFFERENT,
            (f"{_ENDPOINT_STEPS}::test_a_configuration_of_the_same_name_takes_the_place_of_the_last",),
        ),
        Rule(
            "An endpoint stands until its execution ends, and is deployed again by a resume.",
            Sure.DIFFERENT,
            (
                f"{_HOSTING}::test_it_is_in_service_until_the_execution_ends",
                f"{_ENDPOINT_STEPS}::test_a_resume_brings_the_endpoint_back_for_the_steps_that_are_left",
            ),
        ),
        Rule(
            "A version waits for approval (`PendingManualApproval`) unless its step says otherwise; its "
            "group is made if it is not there.",
            Sure.OBSERVED,
            (
                f"{_REGISTRY}::test_a_package_waits_for_approval_unless_it_says_otherwise",
                f"{_REGISTRY}::test_a_group_is_made_on_demand_and_counts_its_versions",
            ),
        ),
    ),
    "Transform jobs": (
        Rule(
            "The model's container is started with `serve`, its data unpacked in `/opt/ml/model`. It is "
            "asked for `/ping` until that answers 200, then for `/execution-parameters`, then for "
            "`/invocations`.",
            Sure.DOCUMENTED,
            (
                f"{_TRANSFORM}::test_the_image_is_told_to_serve_and_finds_the_model_unpacked",
                f"{_SERVED}::test_a_container_is_asked_in_the_order_of_the_contract",
            ),
        ),
        Rule(
            "A container that does not answer `/ping` in time fails the job. Endpoints have four minutes; of "
            "transform jobs half an hour was reported once.",
            Sure.ASSUMED,
            (f"{_TRANSFORM}::test_a_container_that_never_answers_a_ping_fails_the_job",),
            "transform_ping_seconds",
        ),
        Rule(
            "`SAGEMAKER_BATCH` is set; `SAGEMAKER_MAX_PAYLOAD_IN_MB`, `SAGEMAKER_BATCH_STRATEGY` and "
            "`SAGEMAKER_MAX_CONCURRENT_TRANSFORMS` are set if the request sets them. The job's environment "
            "wins over the model's.",
            Sure.DOCUMENTED,
            (
                f"{_TRANSFORM}::test_only_what_the_request_sets_is_told",
                f"{_TRANSFORM}::test_the_job_s_environment_wins_over_the_model_s",
            ),
        ),
        Rule(
            "The request's limits win over the container's answer, and that over one request of 6 MB at "
            "a time.",
            Sure.MODEL,
            (f"{_TRANSFORM}::test_the_request_wins_over_the_container_and_it_over_the_defaults",),
        ),
        Rule(
            "Without either, `BatchStrategy` is `MultiRecord`.",
            Sure.ASSUMED,
            (f"{_TRANSFORM}::test_a_container_without_wishes_gets_the_defaults",),
        ),
        Rule(
            "`SplitType` `None` sends an object whole; `Line`, `RecordIO` and `TFRecord` send records, with "
            "`MultiRecord` as many as fit, as they lie in the object; objects are never combined.",
            Sure.MODEL,
            (
                f"{_TRANSFORM}::test_objects_are_split_as_the_request_says",
                f"{_TRANSFORM}::test_files_are_never_combined",
                f"{_RECORDS}::test_several_records_go_as_they_lie_in_the_object_as_many_as_fit",
            ),
        ),
        Rule(
            "A single record goes without its line end or frame.",
            Sure.ASSUMED,
            (f"{_RECORDS}::test_a_single_record_goes_without_its_line_end_or_frame",),
        ),
        Rule(
            "`MaxPayloadInMB` of 0 sends payloads of any size in chunks.",
            Sure.MODEL,
            (f"{_TRANSFORM}::test_a_payload_of_any_size_comes_in_chunks",),
        ),
        Rule(
            "`MaxConcurrentTransforms` requests run at a time; the answers of an object keep its order.",
            Sure.DOCUMENTED,
            (f"{_TRANSFORM}::test_so_many_requests_run_at_a_time_and_the_order_stays",),
        ),
        Rule(
            "Each object has one output: its key beneath the input's prefix, with `.out`, beneath "
            "`S3OutputPath`.",
            Sure.ASSUMED,
            (
                f"{_TRANSFORM}::test_every_object_has_an_output_of_its_name_below_the_output_path",
                f"{_TRANSFORM}::test_a_single_object_or_the_beginning_of_a_name_keeps_the_file_s_own",
            ),
        ),
        Rule(
            "`AssembleWith: Line` ends each answer with a line end, unless it has one.",
            Sure.ASSUMED,
            (f"{_TRANSFORM}::test_answers_are_put_together_as_they_are_or_by_line",),
        ),
        Rule(
            "An empty object has an empty output, and nothing is asked about it.",
            Sure.ASSUMED,
            (f"{_TRANSFORM}::test_an_object_without_records_has_an_output_without_content",),
        ),
        Rule(
            "A join adds the prediction's columns to the input's (CSV), or `SageMakerOutput` to its object "
            "(JSON, JSON Lines); what is no object becomes `SageMakerInput`. The input is joined as it was "
            "before its filter, the output filtered after the join.",
            Sure.DOCUMENTED,
            (
                f"{_ASSOCIATING}::test_predictions_follow_the_columns_of_the_input_as_it_was_before_its_filter",
                f"{_ASSOCIATING}::test_predictions_become_a_member_of_the_input",
            ),
        ),
        Rule(
            "A join needs an `Accept` that equals the `ContentType` and an `AssembleWith` that equals the "
            "`SplitType`, and as many predictions as records.",
            Sure.DOCUMENTED,
            (
                f"{_TRANSFORM}::test_what_cannot_be_done_is_said_before_the_run_and_refused_in_it",
                f"{_ASSOCIATING}::test_as_many_predictions_as_records_are_needed_for_a_join",
            ),
        ),
        Rule(
            "Filters know `$`, names, positions, slices and `*`; what a record has not got fails its object.",
            Sure.DOCUMENTED,
            (
                f"{_JSON_PATH}::test_an_expression_finds_what_it_means",
                f"{_ASSOCIATING}::test_a_column_that_is_not_there_is_said",
            ),
        ),
        Rule(
            "The end of a slice is left out, as in JSONPath; the guide's text takes it in.",
            Sure.ASSUMED,
            (f"{_TRANSFORM}::test_ends_of_slices_are_included_if_the_setting_says_so",),
            "transform_slices_include_end",
        ),
        Rule(
            "An object with one bad record has no output; the others have theirs, and the job is `Failed`, "
            "by `ClientError` where the container refused, by `AlgorithmError` where it failed.",
            Sure.DOCUMENTED,
            (f"{_TRANSFORM}::test_an_object_with_one_bad_record_has_no_output_and_the_others_have",),
        ),
        Rule(
            "A request without an answer, or with a status of 500 and above, is made again up to "
            "`InvocationsMaxRetries` times (3).",
            Sure.ASSUMED,
            (
                f"{_TRANSFORM}::test_a_request_that_fails_is_made_again",
                f"{_TRANSFORM}::test_so_often_and_not_at_all_where_the_request_is_at_fault",
            ),
        ),
        Rule(
            "A job that is stopped uploads nothing.",
            Sure.MODEL,
            (f"{_TRANSFORM}::test_nothing_is_uploaded",),
        ),
        Rule(
            "An isolated model reaches nobody and has no keys; we ask it on a network of its own.",
            Sure.DIFFERENT,
            (
                f"{_TRANSFORM}::test_an_isolated_model_has_neither_network_nor_keys",
                "tests/integration/runners/test_served.py::"
                "test_a_container_without_network_answers_us_and_reaches_nobody",
            ),
        ),
        Rule(
            "Several instances are one container: objects are independent of one another.",
            Sure.DIFFERENT,
            (f"{_TRANSFORM}::test_several_instances_change_nothing",),
        ),
        Rule(
            "A job that runs for a day is stopped, and failed.",
            Sure.DIFFERENT,
            (f"{_TRANSFORM}::test_a_container_that_ends_before_it_is_ready_fails_the_job",),
        ),
    ),
    "Functions and notebooks": (
        Rule(
            "What a function of `@step` returns lies beneath `OutputDataConfig.S3OutputPath`, its exception "
            "beside it; what an earlier attempt left there is not taken for it.",
            Sure.DOCUMENTED,
            (
                f"{_FUNCTIONS}::test_what_it_returned_is_its_output",
                f"{_FUNCTIONS}::test_what_an_earlier_attempt_left_is_not_taken_for_this_ones",
                f"{_FUNCTIONS}::test_the_same_result_of_an_attempt_that_was_killed_counts_again",
            ),
        ),
        Rule(
            "An exception of the function is the job's failure: "
            "`AlgorithmError: ValueError('…'), exit code: 1`.",
            Sure.OBSERVED,
            (
                f"{_FUNCTIONS}::test_an_exception_is_kept_and_told",
                f"{_COMPILED}::test_what_a_function_or_a_notebook_raises_is_told_as_the_service_does",
            ),
        ),
        Rule(
            "The SDK's own programs run in the container: pickles, integrity checks, arguments and results "
            "of both major versions.",
            Sure.DOCUMENTED,
            (
                f"{_COMPILED}::test_functions_hand_on_what_they_return",
                f"{_COMPILED}::test_what_the_sdk_3_signed_runs_as_well",
            ),
        ),
        Rule(
            "The SDK 2 upgrades itself before each function. Here the version of the image stays, and no "
            "package index is asked.",
            Sure.DIFFERENT,
            (
                f"{_OFFLINE}::test_what_is_installed_is_looked_for_nowhere",
                "tests/integration/images/test_images.py"
                "::test_functions_of_either_sdk_and_notebooks_need_no_network",
            ),
        ),
        Rule(
            "A notebook runs in SageMaker's own driver: the executed notebook and its log are in "
            "`output.tar.gz`. Whether those of a failed job are uploaded is not known.",
            Sure.ASSUMED,
            (f"{_COMPILED}::test_what_a_function_or_a_notebook_raises_is_told_as_the_service_does",),
            "upload_outputs_on_failure",
        ),
    ),
    "Tuning": (
        Rule(
            "The properties are those of DescribeHyperParameterTuningJob and "
            "ListTrainingJobsForHyperParameterTuningJob; `TrainingJobSummaries` has the best first, 50 at "
            "most.",
            Sure.DOCUMENTED,
            (
                f"{_TUNING}::test_the_describe_response_has_the_members_of_both_responses",
                f"{_TUNING}::test_the_best_training_job_comes_first",
                f"{_TUNING}::test_more_than_fifty_training_jobs_are_not_listed",
                f"{_TUNING_STEPS}::test_both_responses_can_be_referred_to_and_nothing_else",
            ),
        ),
        Rule(
            "A tuning job's name has 32 characters at most: `<execution>-<step>-<suffix>`. How the service "
            "shortens it is not known.",
            Sure.ASSUMED,
            (f"{_TUNING_STEPS}::test_its_job_has_a_name_of_32_characters_at_most",),
        ),
        Rule(
            "A training job is named `<tuning job>-NNN-<8 hex digits>`, and is given "
            "`_tuning_objective_metric` among its hyperparameters.",
            Sure.OBSERVED,
            (
                "tests/unit/engines/tuning/test_trials.py::test_a_training_job_is_named_after_its_tuning_job",
                f"{_TUNING}::test_a_training_job_is_asked_for_as_the_service_asks",
            ),
        ),
        Rule(
            "Values lie within their ranges, on the range's scale; `Auto` is logarithmic over three orders "
            "of magnitude. Which scale the service chooses for it is not known.",
            Sure.ASSUMED,
            (
                "tests/unit/engines/tuning/test_ranges.py::test_a_continuous_value_is_within_its_range",
                "tests/unit/engines/tuning/test_ranges.py::test_the_middle_of_each_scale",
                "tests/unit/engines/tuning/test_ranges.py"
                "::test_auto_is_logarithmic_over_three_orders_of_magnitude",
            ),
        ),
        Rule(
            "Grid search tries every combination of categorical values once.",
            Sure.DOCUMENTED,
            (
                f"{_TUNING}::test_a_grid_tries_every_combination",
                f"{_TUNING}::test_what_the_create_call_would_refuse_starts_nothing",
            ),
        ),
        Rule(
            "Bayesian and Hyperband search are the service's own and not published; here they are Optuna's.",
            Sure.DIFFERENT,
            ("tests/unit/engines/tuning/test_search.py::test_a_model_finds_what_it_is_told_is_good",),
        ),
        Rule(
            "A failed training job, or one without the objective, does not fail the tuning job. Five of them "
            "and no other do: `No training job succeeded after 5 attempts. …`.",
            Sure.OBSERVED,
            (
                f"{_TUNING}::test_one_failed_training_job_does_not_fail_the_tuning_job",
                f"{_TUNING}::test_five_failures_are_enough",
                f"{_TUNING}::test_training_jobs_that_print_no_objective_are_told_of",
            ),
        ),
        Rule(
            "Early stopping holds a job against the median of the running averages of the jobs before it.",
            Sure.DOCUMENTED,
            (
                "tests/unit/engines/tuning/test_early_stopping.py"
                "::test_a_job_is_held_against_the_median_of_the_averages_up_to_the_same_epoch",
                f"{_TUNING}::test_early_stopping_ends_a_job_that_is_worse_than_those_before",
            ),
        ),
        Rule(
            "A tuning job whose time is over is `Completed` with what it has. What the service calls it is "
            "not documented.",
            Sure.ASSUMED,
            (f"{_TUNING}::test_it_ends_when_its_time_is_over",),
        ),
    ),
    "Both": (
        Rule(
            "Exit code 0 is success, and only if it was seen: a lost status is a failure.",
            Sure.DOCUMENTED,
            (
                f"{_ENDINGS}::test_exit_code_0_is_success",
                f"{_ENDINGS}::test_a_lost_exit_status_is_a_failure_with_its_reason",
            ),
        ),
        Rule(
            "Running out of memory is said with the limit and the instance type; the service leaves exit "
            "code 137.",
            Sure.DIFFERENT,
            (f"{_REAL}::test_running_out_of_memory_is_said_with_limit_and_instance_type",),
        ),
        Rule(
            "Describe responses have the shape of the service's model.",
            Sure.MODEL,
            (f"{_ENGINE}::test_a_describe_response_has_the_service_models_shape",),
        ),
    ),
}
