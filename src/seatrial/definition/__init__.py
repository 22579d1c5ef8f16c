"""The pipeline definition document: parsing, expressions, references, graph, findings before a run."""
