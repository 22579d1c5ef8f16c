"""The figures of a model's predictions beside what was true; scikit-learn computes them."""
