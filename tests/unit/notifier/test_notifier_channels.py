"""The files with secrets: used as they are meant, or refused in clear words that tell no secret."""

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
    """A channel as the file has it."""
    only = f"places = {[*places]}\n" if places else ""
    return f'[[channel]]\nname = "{name}"\naudiences = [{audiences}]\nurl = "json://k3y"\n{only}'


def write_channels(folder: Path, text: str) -> Path:
    path = folder / "channels.toml"
    path.write_text(text)
    return path


def test_an_alert_for_an_audience_nobody_knows_goes_to_the_platform(tmp_path: Path) -> None:
    channels = load_channels(write_channels(tmp_path, channel("a", ALL)), PARENTS)
    assert channels.of({"audience": "moon"}) == channels.of({}) == ("a",)


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({"place": "mall.here"}, ("all", "mall", "quarter")),
        ({"place": "district.huaqiangbei"}, ("all", "quarter")),
        ({"place": "mall.there"}, ("all",)),
        ({"place": "nobody.knows"}, ("all",)),
        ({"port": "mall.here"}, ("all", "mall", "quarter")),
        ({}, ("all",)),
    ],
)
def test_operators_are_told_of_their_own_place_and_what_lies_within(
    where: dict[str, str], told: tuple[str, ...], tmp_path: Path
) -> None:
    text = channel("all", ALL)
    text += channel("mall", '"district"', "mall.here") + channel(
        "quarter", '"district"', "district.huaqiangbei"
    )
    channels = load_channels(write_channels(tmp_path, text), PARENTS)
    assert channels.of({"audience": "district", **where}) == told


def test_what_no_operator_is_named_for_is_told_to_the_platform(tmp_path: Path) -> None:
    text = channel("mall", '"district"', "mall.here") + channel("rest", '"bureau", "port", "tax", "platform"')
    channels = load_channels(write_channels(tmp_path, text), PARENTS)
    assert channels.of({"audience": "district", "place": "mall.there"}) == ("rest",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[channel]]\nname = "a"\naudiences = ["tax"]\nurl = "json://k3y"', "nobody is told for bureau"),
        ('[[channel]]\nname = "a"\naudiences = ["moon"]\nurl = "json://k3y"', "audiences"),
        ('[[channel]]\nname = "a"\nurl = "json://k3y"', "audiences"),
        (f'[[channel]]\nname = "a"\naudiences = [{ALL}]\nurl = "json://k3y"\n' * 2, "twice"),
        (
            channel("a", ALL) + channel("b", ALL, "mall.gone", "district.futian"),
            "b: places: mall.gone is not",
        ),
        (channel("a", ALL, "mall.here"), "platform has channels for some places only"),
        ("[[channel", "docs/guides/alerts.md"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_field_and_tells_no_address(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(NotifierMisconfigured, match=told) as refusal:
        load_channels(write_channels(tmp_path, text), PARENTS)
    assert "k3y" not in str(refusal.value)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_an_address_of_no_known_service_is_refused_without_telling_it() -> None:
    with pytest.raises(NotifierMisconfigured, match="channel duty: url") as refusal:
        AppriseSender([Channel("duty", ("tax",), "nonsense://k3y")], 1)
    assert "k3y" not in str(refusal.value)


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotifierMisconfigured, match="shorter than 16"):
        load_secret(write_channels(tmp_path, "short\n"))
