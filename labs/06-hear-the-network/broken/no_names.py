"""A list in place of the dictionary that was asked for."""

TASK, CHECK = "networks", "answer"


def bring_about(_work: object) -> list[str]:
    return ["adsl", "4g", "office-lan", "congested-wifi", "geostationary-satellite"]
