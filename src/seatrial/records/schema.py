"""The tables: one list of events, and what was derived from them."""

from __future__ import annotations

# `events` is only ever appended to. Everything below it can be derived from it again, but for `leases`.
_TABLES = (
    """
    CREATE TABLE events (
        execution_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        time TEXT NOT NULL,
        kind TEXT NOT NULL,
        step TEXT,
        detail TEXT NOT NULL,
        PRIMARY KEY (execution_id, sequence)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE executions (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        execution_id TEXT NOT NULL UNIQUE,
        arn TEXT NOT NULL UNIQUE COLLATE NOCASE,
        pipeline_name TEXT NOT NULL,
        pipeline_arn TEXT NOT NULL,
        status TEXT NOT NULL,
        definition TEXT NOT NULL,
        parameters TEXT NOT NULL,
        prefix TEXT,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        failure_reason TEXT,
        findings TEXT NOT NULL DEFAULT '[]'
    )
    """,
    """
    CREATE TABLE steps (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        execution_id TEXT NOT NULL,
        name TEXT NOT NULL,
        type TEXT NOT NULL,
        status TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 1,
        started_at TEXT,
        ended_at TEXT,
        failure_reason TEXT,
        exit_message TEXT,
        job_name TEXT,
        progress TEXT,
        metadata TEXT NOT NULL DEFAULT '{}',
        properties TEXT NOT NULL DEFAULT '{}',
        UNIQUE (execution_id, name)
    )
    """,
    """
    CREATE TABLE jobs (
        name TEXT PRIMARY KEY,
        arn TEXT NOT NULL UNIQUE COLLATE NOCASE,
        kind TEXT NOT NULL,
        execution_id TEXT NOT NULL,
        step_name TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        parameters TEXT NOT NULL,
        result TEXT
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE models (
        name TEXT PRIMARY KEY,
        arn TEXT NOT NULL UNIQUE COLLATE NOCASE,
        described TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE model_packages (
        group_name TEXT NOT NULL,
        version INTEGER NOT NULL,
        arn TEXT NOT NULL UNIQUE COLLATE NOCASE,
        execution_id TEXT,
        step_name TEXT,
        described TEXT NOT NULL,
        PRIMARY KEY (group_name, version)
    ) WITHOUT ROWID
    """,
    """
    CREATE UNIQUE INDEX model_packages_by_step ON model_packages (execution_id, step_name)
    WHERE execution_id IS NOT NULL
    """,
    """
    CREATE TABLE leases (
        execution_id TEXT PRIMARY KEY,
        generation INTEGER NOT NULL,
        owner TEXT NOT NULL,
        taken_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)

VERSIONS: tuple[tuple[str, ...], ...] = (
    _TABLES,
    # What was run before the engine was written down ran under the only one that there was.
    ("""ALTER TABLE executions ADD COLUMN engines TEXT NOT NULL DEFAULT '["native"]'""",),
    (
        "ALTER TABLE steps ADD COLUMN fault TEXT",
        "ALTER TABLE steps ADD COLUMN retry_at TEXT",
        "ALTER TABLE steps ADD COLUMN earlier TEXT NOT NULL DEFAULT '[]'",
    ),
    ("ALTER TABLE executions ADD COLUMN max_parallel_steps INTEGER",),
    (
        "ALTER TABLE executions ADD COLUMN selection TEXT NOT NULL DEFAULT 'null'",
        "ALTER TABLE steps ADD COLUMN reuse TEXT NOT NULL DEFAULT 'null'",
    ),
    (
        "ALTER TABLE steps ADD COLUMN cache TEXT NOT NULL DEFAULT 'null'",
        "CREATE INDEX steps_by_name ON steps (name, type, status)",
    ),
    ("ALTER TABLE executions ADD COLUMN experiment TEXT NOT NULL DEFAULT 'null'",),
    (
        "ALTER TABLE executions ADD COLUMN substitutes TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE steps ADD COLUMN substitute TEXT",
    ),
    (
        """
        CREATE TABLE endpoint_configs (
            name TEXT PRIMARY KEY,
            arn TEXT NOT NULL UNIQUE COLLATE NOCASE,
            described TEXT NOT NULL
        ) WITHOUT ROWID
        """,
    ),
    (
        """
        CREATE TABLE callbacks (
            token TEXT PRIMARY KEY,
            execution_id TEXT NOT NULL,
            step_name TEXT NOT NULL,
            queue_url TEXT NOT NULL,
            arguments TEXT NOT NULL,
            declared TEXT NOT NULL,
            sent_at TEXT NOT NULL,
            answer TEXT
        ) WITHOUT ROWID
        """,
    ),
)
"""What makes each version of the schema out of the one before it; a new file goes through all of them."""

SCHEMA_VERSION = len(VERSIONS)
