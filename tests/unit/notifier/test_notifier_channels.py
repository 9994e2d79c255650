"""The files with secrets: used as they are meant, or refused in clear words that tell no secret."""

from pathlib import Path

import pytest

from services.notifier.apprise_sender import AppriseSender
from services.notifier.channels import AUDIENCES, Channel, load_channels, load_secret
from services.notifier.errors import NotifierMisconfigured

ALL = ", ".join(f'"{audience}"' for audience in AUDIENCES)


def written(folder: Path, text: str) -> Path:
    path = folder / "channels.toml"
    path.write_text(text)
    return path


def test_an_alert_for_an_audience_nobody_knows_goes_to_the_platform(tmp_path: Path) -> None:
    channels = load_channels(
        written(tmp_path, f'[[channel]]\nname = "a"\naudiences = [{ALL}]\nurl = "json://k"')
    )
    assert channels.of("moon") == channels.of("platform") == ("a",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[channel]]\nname = "a"\naudiences = ["tax"]\nurl = "json://k3y"', "nobody is told for bureau"),
        ('[[channel]]\nname = "a"\naudiences = ["moon"]\nurl = "json://k3y"', "audiences"),
        ('[[channel]]\nname = "a"\nurl = "json://k3y"', "audiences"),
        (f'[[channel]]\nname = "a"\naudiences = [{ALL}]\nurl = "json://k3y"\n' * 2, "twice"),
        ("[[channel", "docs/guides/alerts.md"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_field_and_tells_no_address(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(NotifierMisconfigured, match=told) as refusal:
        load_channels(written(tmp_path, text))
    assert "k3y" not in str(refusal.value)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_an_address_of_no_known_service_is_refused_without_telling_it() -> None:
    with pytest.raises(NotifierMisconfigured, match="channel duty: url") as refusal:
        AppriseSender([Channel("duty", ("tax",), "nonsense://k3y")], 1)
    assert "k3y" not in str(refusal.value)


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotifierMisconfigured, match="shorter than 16"):
        load_secret(written(tmp_path, "short\n"))
