"""From an image URI in a definition to a local image; knows nothing of jobs or steps."""

from seatrial.images.resolver import Images
from seatrial.images.shelf import ImageRow

__all__ = ["ImageRow", "Images"]
