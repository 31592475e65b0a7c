"""Have the engine hold the base image: exit 0 if it does, 1 if no registry gives it."""

import sys

import docker
from docker.errors import APIError, DockerException, ImageNotFound

BASE_IMAGE = "debian:forky-slim"


def main() -> int:
    images = docker.from_env().images
    try:
        images.get(BASE_IMAGE)
    except ImageNotFound:
        try:
            images.pull(BASE_IMAGE)
        except (APIError, DockerException) as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
