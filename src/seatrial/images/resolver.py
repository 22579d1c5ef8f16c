"""Images of a definition to images that run here, by the order of decision D8; knows nothing of jobs.

Exact local tag, rule in the settings, pull, stand-in. Whatever is not the named image itself is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

import docker

from seatrial.errors import ImageError
from seatrial.images.building import build
from seatrial.images.context import reference_of
from seatrial.images.engine import image_id
from seatrial.images.locking import build_lock
from seatrial.images.minio_image import make_minio
from seatrial.images.pulling import has_credentials, is_offered, try_pull
from seatrial.images.python_image import make_python
from seatrial.images.recipes import RECIPES, Recipe
from seatrial.images.shelf import ImageRow, remove_images, rows
from seatrial.images.standins import SERVED, StandIn, stand_in
from seatrial.images.uri import ImageUri
from seatrial.images.watching import Say
from seatrial.ports.images import ImagePlan, ImageResolver, LocalImage
from seatrial.settings import Settings

Maker = Callable[[docker.DockerClient, Settings, Say], str]

MAKERS: Mapping[str, Maker] = {"python": make_python, "minio": make_minio}
"""The images that can come from elsewhere than their Dockerfile."""


class Images(ImageResolver):
    """The images of this machine; slow work is told to `progress`, a line at a time."""

    def __init__(self, client: docker.DockerClient, settings: Settings, progress: Say) -> None:
        self._client = client
        self._settings = settings
        self._say = progress
        self._not_pulled: dict[str, str] = {}
        self._offers: dict[str, bool] = {}

    def ensure(self, name: str) -> str:
        """Build one of our own images unless it is there; its reference."""
        recipe = _recipe(name)
        reference = reference_of(recipe)
        if image_id(self._client, reference) is None:
            with build_lock(self._settings.cache_dir / "locks", name, self._say):
                if image_id(self._client, reference) is None:
                    self._make(recipe)
        return reference

    def plan(self, uri: str) -> ImagePlan | None:
        """What `resolve` would use; None when nothing can be had.

        Nothing is built or pulled; a registry that would be pulled from is asked whether it has the image.
        """
        if image_id(self._client, uri):
            return ImagePlan(uri, uri)
        rule = self._rule(uri)
        if rule:
            return self._plan_of_rule(uri, *rule)
        if self._may_pull(ImageUri.parse(uri)) and self._offered(uri):
            return ImagePlan(uri, uri)
        found = stand_in(ImageUri.parse(uri))
        return ImagePlan(uri, reference_of(found.recipe), found.substituted) if found else None

    def resolve(self, uri: str) -> LocalImage:
        """The image, built or pulled if need be; raise `ImageError` when there is none."""
        there = image_id(self._client, uri)
        if there:
            return LocalImage(uri, uri, there)
        rule = self._rule(uri)
        if rule:
            return self._from_rule(uri, *rule)
        if self._pull(uri):
            return self._local(uri, uri, None)
        found = stand_in(ImageUri.parse(uri))
        if found is None:
            raise self._unknown(uri)
        return self._from_stand_in(uri, found)

    def list(self) -> list[ImageRow]:
        """Every image of ours, built or not."""
        return rows(self._client)

    def remove(self, *, stale_only: bool = False) -> tuple[str, ...]:
        """Remove our images (only those of older recipes if so asked); what went."""
        return tuple(remove_images(self._client, stale_only=stale_only))

    def _make(self, recipe: Recipe) -> None:
        for parent in recipe.parents:
            self.ensure(parent)
        maker = MAKERS.get(recipe.name)
        if maker:
            maker(self._client, self._settings, self._say)
        else:
            build(self._client, recipe, self._settings.build, self._say)

    def _rule(self, uri: str) -> tuple[str, str] | None:
        rules = self._settings.images.items()
        return next(((pattern, target) for pattern, target in rules if fnmatchcase(uri, pattern)), None)

    def _plan_of_rule(self, uri: str, pattern: str, target: str) -> ImagePlan | None:
        if not self._within_reach(target):
            return None
        reference = reference_of(RECIPES[target]) if target in RECIPES else target
        return ImagePlan(uri, reference, _by_rule(pattern))

    def _from_rule(self, uri: str, pattern: str, target: str) -> LocalImage:
        if target in RECIPES:
            return self._local(uri, self.ensure(target), _by_rule(pattern))
        if image_id(self._client, target) is None and not self._pull(target):
            raise ImageError(
                f"the image {target}, which the settings name for {uri}, is not there: {self._why(target)}",
                slug="image-missing",
                where=f"images.{pattern!r}",
                hint=f"build or pull it (docker pull {target}), or name one of ours: {', '.join(RECIPES)}",
            )
        return self._local(uri, target, _by_rule(pattern))

    def _from_stand_in(self, uri: str, found: StandIn) -> LocalImage:
        return self._local(uri, self.ensure(found.recipe.name), found.substituted)

    def _local(self, uri: str, reference: str, substituted: str | None) -> LocalImage:
        there = image_id(self._client, reference)
        if there is None:
            raise ImageError(
                f"the image {reference} vanished while it was being looked up",
                slug="image-vanished",
                hint="try again; something else on this machine removes images",
            )
        return LocalImage(uri, reference, there, substituted)

    def _may_pull(self, uri: ImageUri) -> bool:
        """A private registry is only asked with credentials: without them it can but refuse, slowly.

        Our own names are never asked for: whoever holds them in a public registry, it is not us.
        """
        if not self._settings.build.pull or not uri.repository or uri.repository.startswith("seatrial/"):
            return False
        return not uri.is_ecr or has_credentials(uri.registry)

    def _within_reach(self, target: str) -> bool:
        """Whether the image that a rule names can be had."""
        if target in RECIPES or image_id(self._client, target):
            return True
        return self._may_pull(ImageUri.parse(target)) and self._offered(target)

    def _offered(self, reference: str) -> bool:
        """Ask the registry, once in this process's life."""
        if reference not in self._offers:
            self._offers[reference] = is_offered(self._client, reference)
        return self._offers[reference]

    def _why(self, reference: str) -> str:
        return self._not_pulled.get(reference, "not in this engine, and not pulled")

    def _pull(self, reference: str) -> bool:
        """Try once in this process's life: a registry that did not answer is not asked again."""
        if self._may_pull(ImageUri.parse(reference)) and reference not in self._not_pulled:
            self._say(f"pulling {reference}")
            reason = try_pull(self._client, reference, self._say)
            if reason is None:
                return True
            self._say(f"not pulled: {reason}")
            self._not_pulled[reference] = reason
        return False

    def _unknown(self, uri: str) -> ImageError:
        why = self._not_pulled.get(uri, "no rule knows it, and nothing here can pull it")
        return ImageError(
            f"no local image for {uri}: {why}",
            slug="image-unknown",
            where=uri,
            hint=f"name a local image, or one of ours ({', '.join(SERVED)}), in seatrial.toml "
            "(in pyproject.toml the table is [tool.seatrial.images]):\n"
            f'[images]\n"{_pattern_for(uri)}" = "scikit-learn"',
        )


def _by_rule(pattern: str) -> str:
    return f"as the settings say for {pattern!r}"


def _pattern_for(uri: str) -> str:
    """The image whatever its tag, in any account and region if it is in ECR."""
    parsed = ImageUri.parse(uri)
    registry = "*" if parsed.is_ecr else parsed.registry
    name = f"{registry}/{parsed.repository}" if uri.startswith(parsed.registry) else parsed.repository
    return f"{name}:*" if parsed.tag else f"{name}*"


def _recipe(name: str) -> Recipe:
    if name not in RECIPES:
        raise ImageError(
            f"there is no image {name!r} among ours",
            slug="image-not-ours",
            hint=f"these can be built: {', '.join(RECIPES)}",
        )
    return RECIPES[name]
