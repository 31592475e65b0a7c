"""Image registries, which may be out of reach."""

import json

from voiplab.containers.engine import Engine
from voiplab.containers.failure import engine_asked
from voiplab.containers.progress import Progress
from voiplab.errors import EngineError

SILENCE_S = 20
"""Longest silence; a registry that can't be reached must not hold up the set-up."""


def pull(engine: Engine, reference: str, on_progress: Progress) -> None:
    """Have the engine pull an image from its registry.

    It is asked here rather than through the client library, which would wait for ever for the
    registry's first answer.

    Raises:
        EngineError: if the registry doesn't have it, or says nothing for 20 s.
    """
    from docker.auth import get_config_header, resolve_repository_name  # noqa: PLC0415  (0.13 s)
    from docker.errors import create_api_error_from_http_exception  # noqa: PLC0415
    from docker.utils import parse_repository_tag  # noqa: PLC0415
    from requests import HTTPError  # noqa: PLC0415

    repository, tag = parse_repository_tag(reference)
    login = get_config_header(engine.api, resolve_repository_name(repository)[0])
    with engine_asked(f"pull {reference}"):
        answer = engine.api.post(
            f"{engine.api.base_url}/v{engine.api.api_version}/images/create",
            params={"fromImage": repository, "tag": tag or "latest"},
            headers={"X-Registry-Auth": login} if login else {},
            stream=True,
            timeout=SILENCE_S,
        )
        with answer:
            try:
                answer.raise_for_status()
            except HTTPError as error:
                raise create_api_error_from_http_exception(error) from error
            for line in answer.iter_lines():
                event = json.loads(line)
                if "error" in event:
                    raise EngineError(f"{reference} can't be pulled: {event['error']}")
                if "progress" not in event:
                    on_progress(f"{reference}: {event.get('status', '')}")
