"""Training without a script: hyperparameters and channels in, `xgboost-model` out.

What judges a job's settings imports nothing but the standard library, so that it can be read and tested
without XGBoost; what trains is in `training`, `scores`, `watching` and `cross_validation`.
"""
