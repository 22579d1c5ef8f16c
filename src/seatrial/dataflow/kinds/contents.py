"""The codes of what is inside the data that flows, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

CONTENT_KINDS: tuple[FindingKind, ...] = (
    FindingKind(
        "ST130",
        Severity.WARNING,
        "Schema drift",
        "A step wrote a table with other columns, or other types, than in the last execution of this "
        "pipeline that went well. Not said of integers that became numbers, of columns that got or lost "
        "their nulls, and of an output whose columns a contract names. A note where a parameter of the step, "
        "or of one before it, had another value then.",
        "`train` had the column `income`; since the last change of preprocess.py it has not.",
        "If it is meant, go on: the next run compares with this one. Say what is right for good with a "
        'contract, `[contents."Step.output"]` in seatrial.toml, or accept it with `[[suppress]]`.',
    ),
    FindingKind(
        "ST131",
        Severity.ERROR,
        "Column missing",
        "A table lacks a column that a contract requires, on the side that wrote it or on the side that read "
        "it; or the channels `train` and `validation` of one training job have different columns.",
        'The contract `[contents."Train.train"]` names `label`, and what Preprocess wrote has none.',
        "Write the column, or take it out of the contract.",
    ),
    FindingKind(
        "ST132",
        Severity.ERROR,
        "Column does not fit",
        "A column is there and is not what a contract says: of another type, with nulls, with values beyond "
        "a category's; or a schema of the project's own refuses the table. A warning where the contract "
        "could not be checked, and where a column of `train` is a number and the same of `validation` a "
        "text.",
        '`age = "integer"` in the contract, and the column holds `thirty`.',
        "Correct what the step writes, or the contract.",
    ),
    FindingKind(
        "ST133",
        Severity.WARNING,
        "Table without rows",
        "A table has columns and no row, or one of its parts or partitions has none where others do. An "
        "error where a contract says `not_empty`; a note for single parts as Spark leaves them. Not said of "
        "tables that are called after what went wrong (`rejected`, `errors`): without a row, nothing did.",
        "`validation.csv` is a header and nothing else.",
        "Look at the step that splits or filters; write no file where there are no rows.",
    ),
    FindingKind(
        "ST134",
        Severity.ERROR,
        "Archive member missing",
        "An archive lacks a file that a contract names, or that a step looked for in vain where the archive "
        "is unpacked. A warning for a model that a script looked for in a folder of its own.",
        "Evaluate opens /opt/ml/processing/model/xgboost-model, and model.tar.gz holds model.joblib.",
        "Save the file where the training job is to leave it (/opt/ml/model), under the name that is read.",
    ),
    FindingKind(
        "ST135",
        Severity.WARNING,
        "Parts disagree",
        "Files of one output that look like parts of one table have different columns. Whoever reads the "
        "folder as a whole gets a table of some of them, or an error.",
        "part-0.csv has the columns a, b and part-1.csv has a, c.",
        "Write every part with the same columns; tables that do not belong together need names of their own.",
    ),
    FindingKind(
        "ST136",
        Severity.WARNING,
        "Not what its name says",
        "A file is not what its name promises: a .parquet that is no Parquet, a .gz that is not packed, "
        "lines of a .jsonl that are no JSON, rows of a .csv with more or fewer cells than the first.",
        "scores.csv has 3 cells in its first row and 4 in row 17.",
        "Write the file with a library for its format, or give it the name of what it is.",
    ),
)
