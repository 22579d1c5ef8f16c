"""What SageMaker Clarify's image does for one job: bias of data and predictions, and explanations of them.

Written from the published contract of the image (its files and their shapes); the image itself is closed.
The figures are those of smclarify and shap.
"""
