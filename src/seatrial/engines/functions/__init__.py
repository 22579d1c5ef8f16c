"""Lambda's part: a function's own code is called once, in a container of its own."""

from seatrial.engines.functions.engine import FunctionsEngine
from seatrial.engines.functions.parts import IMAGE, Parts

__all__ = ["IMAGE", "FunctionsEngine", "Parts"]
