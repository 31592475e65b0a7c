"""The engines' own words, as Docker 20.10, Docker 28 and Podman 4 say them, and what they mean."""

import pytest
import requests
from docker.errors import APIError, DockerException

from voiplab.containers.failure import engine_asked
from voiplab.errors import EngineError, ImageMissing, LabStopped, PortTaken, VoipLabError

ID = "a6ad206839339bd14c65db722260e1ccf734921df42846b0f82c226170264fe7"

SAID = [
    (404, "No such image: voiplab/phone:0123456789ab", ImageMissing, "voiplab/phone:0123456789ab"),
    (404, "No such image: voiplab/phone:0123456789ab", ImageMissing, "make images"),
    (
        500,
        (
            "driver failed programming external connectivity on endpoint a (b): Bind for "
            "127.0.0.1:5038 failed: port is already allocated"
        ),
        PortTaken,
        "port 5038 is already in use",
    ),
    (
        500,
        (
            "driver failed programming external connectivity on endpoint a (b): Error "
            "starting userland proxy: listen tcp4 127.0.0.1:5038: bind: address already in use"
        ),
        PortTaken,
        "port 5038 is already in use",
    ),
    (
        500,
        (
            "failed to set up container networking: driver failed programming external "
            "connectivity on endpoint a (b): failed to bind host port 127.0.0.1:5038/tcp: "
            "address already in use"
        ),
        PortTaken,
        "port 5038 is already in use",
    ),
    (
        500,
        "rootlessport listen tcp 127.0.0.1:5038: bind: address already in use",
        PortTaken,
        "port 5038 is already in use",
    ),
    (
        500,
        (
            "Ports are not available: exposing port TCP 127.0.0.1:5038 -> 0.0.0.0:0: bind: Only "
            "one usage of each socket address is normally permitted."
        ),
        PortTaken,
        "port",
    ),
    (
        500,
        "write /var/lib/docker/overlay2/x: no space left on device",
        EngineError,
        "docker system df",
    ),
    (
        404,
        (
            "could not find an available, non-overlapping IPv4 address pool among the defaults to "
            "assign to the network"
        ),
        EngineError,
        "voiplab clean",
    ),
    (
        400,
        "all predefined address pools have been fully subnetted",
        EngineError,
        "network address range",
    ),
    (500, "could not find free subnet from subnet pools", EngineError, "network address range"),
    (
        409,
        (
            f'Conflict. The container name "/demo-pbx" is already in use by container "{ID}". You '
            "have to remove (or rename) that container to be able to reuse that name."
        ),
        EngineError,
        "name is taken",
    ),
    (409, "network with name demo already exists", EngineError, "name is taken"),
    (404, f"No such container: {ID}", LabStopped, "no such container"),
    (404, f"no container with name or ID found: no such container: {ID}", LabStopped, "no such"),
    (409, f"Container {ID} is not running", LabStopped, "has stopped"),
    (409, "can only create exec sessions: container state improper", LabStopped, "has stopped"),
    (500, "something never heard of", EngineError, "something never heard of"),
]


@pytest.mark.parametrize(("status", "said", "kind", "sentence"), SAID)
def test_the_engines_words_become_a_sentence(
    status: int, said: str, kind: type[VoipLabError], sentence: str
) -> None:
    response = requests.Response()
    response.status_code = status

    with pytest.raises(VoipLabError) as caught, engine_asked("start the container demo-pbx"):
        raise APIError("refused", response=response, explanation=said)

    assert type(caught.value) is kind
    assert "start the container demo-pbx" in str(caught.value)
    assert sentence in str(caught.value)
    assert isinstance(caught.value.__cause__, APIError)


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError("Connection aborted."),
        requests.ReadTimeout("Read timed out."),
        DockerException("lost"),
    ],
)
def test_an_engine_that_goes_away_is_named(error: Exception) -> None:
    with pytest.raises(EngineError, match="stopped answering when asked to stop demo-pbx"):
        raise_when_asked(error)


def raise_when_asked(error: Exception) -> None:
    with engine_asked("stop demo-pbx"):
        raise error


def test_errors_that_are_not_the_engines_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), engine_asked("divide"):
        _ = 1 / 0
