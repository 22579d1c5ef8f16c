"""boto3 sessions that know one place only: this machine.

Every client of a bound session, whoever creates it and with whatever endpoint, region, profile or
keys, is either an S3 client of the object store or is answered by `handler.handle` before anything
is sent. Nothing is read from the environment's credentials or from `~/.aws`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials

from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.storage import StoreAddress
from seatrial.sessions import handler, wire
from seatrial.sessions.calls import Call, read_parameters
from seatrial.sessions.functions import Functions
from seatrial.sessions.parallelism import Parallelism
from seatrial.sessions.swap import swapped
from seatrial.sessions.uploads import Uploads
from seatrial.settings import Settings

if TYPE_CHECKING:
    import boto3

# MinIO answers by path, whatever the endpoint's name; a proxy of the environment is not asked for it.
_STORE_CONFIG = Config(signature_version="s3v4", s3={"addressing_style": "path"}, proxies={})


@dataclass(frozen=True)
class Binding:
    """What a bound session stands on."""

    address: StoreAddress
    account_id: str
    region: str
    uploads: Uploads = field(default_factory=Uploads)
    parallelism: Parallelism = field(default_factory=Parallelism)
    functions: Functions = field(default_factory=Functions)


def bound_boto_session(address: StoreAddress, settings: Settings) -> boto3.Session:
    """A session of boto3 whose S3 is the store and whose other services are answered here."""
    return _session(Binding(address, settings.account_id, settings.region))


@contextlib.contextmanager
def bound(binding: Binding) -> Iterator[boto3.Session]:
    """Bind every session that is created inside, named or not, by whichever SDK; undone at the end.

    All of boto3's sessions, its default one included, are made by `botocore.session.get_session()`,
    which looks this class up when called.
    """

    class AmbientSession(_BoundSession):
        """What `botocore.session.Session` is meanwhile."""

        def __init__(self, session_vars: Any = None, *args: Any, **kwargs: Any) -> None:
            super().__init__(binding, session_vars, *args, **kwargs)

    session = _session(binding)
    with (
        swapped(botocore.session, "Session", AmbientSession),
        swapped(sys.modules["boto3"], "DEFAULT_SESSION", session),
    ):
        yield session


def _session(binding: Binding) -> boto3.Session:
    try:
        import boto3  # an optional dependency: a compiled definition runs without it
    except ModuleNotFoundError as missing:
        raise EnvironmentUnfitError(
            "compiling a pipeline needs boto3 and the SageMaker SDK, which are not installed",
            slug="sdk-missing",
            hint="pip install 'seatrial[sdk-v2]'",
        ) from missing
    return boto3.Session(botocore_session=_BoundSession(binding))


class _BoundSession(botocore.session.Session):  # type: ignore[misc]  # botocore has no types
    """botocore's session with the one way to a client closed off: `create_client`."""

    def __init__(self, binding: Binding, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._binding = binding
        self.set_config_variable("region", binding.region)
        self.set_config_variable("config_file", os.devnull)
        self.set_config_variable("credentials_file", os.devnull)

    def get_scoped_config(self) -> dict[str, Any]:
        """Empty for every profile: a profile of the user's account is nothing here, and no error."""
        return {}

    def get_credentials(self) -> Credentials:
        """The store's, also where keys were given."""
        keys = self._binding.address.credentials
        return Credentials(keys.access_key, keys.secret_key, keys.session_token, method="seatrial")

    def create_client(
        self,
        service_name: str,
        region_name: str | None = None,
        api_version: str | None = None,
        use_ssl: bool = True,
        verify: bool | str | None = None,
        endpoint_url: str | None = None,
        *keys: Any,
        config: Config | None = None,
        **more_keys: Any,
    ) -> Any:
        """A client that cannot leave this machine; keys and, for S3, the endpoint are the store's."""
        if service_name == "s3":
            endpoint_url = self._binding.address.endpoint_url
            config = config.merge(_STORE_CONFIG) if config else _STORE_CONFIG
        client = super().create_client(
            service_name, region_name, api_version, use_ssl, verify, endpoint_url, config=config
        )
        client.meta.events.register_first("before-send", partial(self._answer, client))
        if service_name == "s3":
            self._binding.uploads.watch(client)
        return client

    def _answer(
        self, client: Any, request: AWSPreparedRequest, event_name: str, **_: Any
    ) -> AWSResponse | None:
        """The handler's answer; None lets a request go to the store, and only there."""
        if request.url.startswith(f"{self._binding.address.endpoint_url}/"):
            return None
        model = client.meta.service_model
        operation = event_name.rsplit(".", 1)[-1]
        call = Call(
            service=model.service_name,
            operation=operation,
            protocol=model.resolved_protocol,
            url=request.url,
            parameters=read_parameters(
                model.resolved_protocol,
                request.body,
                request.url,
                model.operation_model(operation).http["requestUri"],
            ),
            account_id=self._binding.account_id,
            region=client.meta.region_name,
        )
        if call.service == "s3":
            return wire.failure(
                call, 501, "NotImplemented", f"the object store has no {call.operation} of this form"
            )
        self._binding.parallelism.hear(call)
        if call.service == "lambda" and (answer := self._binding.functions.answer(call)) is not None:
            return answer
        return handler.handle(call)
