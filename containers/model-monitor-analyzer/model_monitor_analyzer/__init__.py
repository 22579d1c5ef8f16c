"""What SageMaker's monitoring image does for one job: statistics, constraints, violations of earlier ones.

Written from the published contract of the image (its variables, files and their shapes); the image
itself is closed.
"""
