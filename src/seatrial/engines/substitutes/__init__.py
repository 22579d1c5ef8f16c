"""What does a job's work in its place: data that is given, a recorded outcome, another script or image."""

from seatrial.engines.substitutes.changing import OUR_PYTHON, SUBSTITUTE_INPUT, image_of_substitute
from seatrial.engines.substitutes.engine import SubstitutingEngine

__all__ = ["OUR_PYTHON", "SUBSTITUTE_INPUT", "SubstitutingEngine", "image_of_substitute"]
