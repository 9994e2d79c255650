"""The files with secrets: read, or refused with a message that contains no secret."""

from pathlib import Path

import pytest

from tidemark.services.notifier.channels import AUDIENCES, Channel, load_channels, load_secret
from tidemark.services.notifier.errors import NotifierMisconfigured
from tidemark.services.notifier.senders import AppriseSender

PARENTS = {
    "district.huaqiangbei": "district.futian",
    "mall.here": "district.huaqiangbei",
    "mall.there": "district.futian",
}
ALL = ", ".join(f'"{audience}"' for audience in AUDIENCES)


def channel(name: str, audiences: str, *places: str) -> str:
    """A channel as written in the file."""
    only = f"places = {[*places]}\n" if places else ""
    return f'[[channel]]\nname = "{name}"\naudiences = [{audiences}]\nurl = "json://k3y"\n{only}'


def write_channels(folder: Path, text: str) -> Path:
    path = folder / "channels.toml"
    path.write_text(text)
    return path


def test_an_alert_for_an_unknown_audience_goes_to_the_platform(tmp_path: Path) -> None:
    channels = load_channels(write_channels(tmp_path, channel("a", ALL)), PARENTS)
    assert channels.find_channels({"audience": "moon"}) == channels.find_channels({}) == ("a",)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ({"place": "mall.here"}, ("all", "mall", "quarter")),
        ({"place": "district.huaqiangbei"}, ("all", "quarter")),
        ({"place": "mall.there"}, ("all",)),
        ({"place": "nobody.knows"}, ("all",)),
        ({"port": "mall.here"}, ("all", "mall", "quarter")),
        ({}, ("all",)),
    ],
)
def test_operators_are_notified_of_their_own_place_and_the_places_within_it(
    where: dict[str, str], names: tuple[str, ...], tmp_path: Path
) -> None:
    text = channel("all", ALL)
    text += channel("mall", '"district"', "mall.here") + channel(
        "quarter", '"district"', "district.huaqiangbei"
    )
    channels = load_channels(write_channels(tmp_path, text), PARENTS)
    assert channels.find_channels({"audience": "district", **where}) == names


def test_an_alert_that_no_channel_covers_goes_to_the_platform(tmp_path: Path) -> None:
    text = channel("mall", '"district"', "mall.here") + channel("rest", '"bureau", "port", "tax", "platform"')
    channels = load_channels(write_channels(tmp_path, text), PARENTS)
    assert channels.find_channels({"audience": "district", "place": "mall.there"}) == ("rest",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[channel]]\nname = "a"\naudiences = ["tax"]\nurl = "json://k3y"', "no channel serves bureau"),
        ('[[channel]]\nname = "a"\naudiences = ["moon"]\nurl = "json://k3y"', "audiences"),
        ('[[channel]]\nname = "a"\nurl = "json://k3y"', "audiences"),
        (
            f'[[channel]]\nname = "a"\naudiences = [{ALL}]\nurl = "json://k3y"\n' * 2,
            "several channels are called a",
        ),
        (
            channel("a", ALL) + channel("b", ALL, "mall.gone", "district.futian"),
            "b: places: not in the gazetteer: mall.gone;",
        ),
        (channel("a", ALL, "mall.here"), "every channel of platform is limited to some places"),
        ("[[channel", "docs/guides/alerts.md"),
    ],
)
def test_an_unusable_file_is_refused_by_field_without_quoting_an_address(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(NotifierMisconfigured, match=message) as refusal:
        load_channels(write_channels(tmp_path, text), PARENTS)
    assert "k3y" not in str(refusal.value)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_an_address_of_an_unsupported_service_is_refused_without_quoting_it() -> None:
    with pytest.raises(NotifierMisconfigured, match="channel duty: url") as refusal:
        AppriseSender([Channel("duty", ("tax",), "nonsense://k3y")], 1)
    assert "k3y" not in str(refusal.value)


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotifierMisconfigured, match="shorter than 16"):
        load_secret(write_channels(tmp_path, "short\n"))
