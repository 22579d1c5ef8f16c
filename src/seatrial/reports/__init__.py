"""What is known, as people and programs read it; must not know Docker, S3 clients, or how anything runs.

Rendering takes values and a console. `progress`, `text` and `json_report` draw nothing.
"""
