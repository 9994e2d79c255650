"""A broker that requires TLS and a password, and its users."""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.servers.kafka import KafkaServer
from tests.servers.ports import HOST
from tests.servers.require import kafka_classpath, program

USER = "ledger"
PASSWORD = "correct horse"  # noqa: S105
_STORE_PASSWORD = "of no use elsewhere"  # noqa: S105
_LIMIT_S = 60


class Login(NamedTuple):
    """Files that a client needs."""

    ca_file: Path
    password_file: Path


def tls_and_scram(folder: Path) -> tuple[dict[str, str], Login]:
    """Properties of a broker that requires SCRAM-SHA-512 over TLS, and the files for its clients."""
    store, login = folder / "broker.p12", Login(folder / "ca.pem", folder / "password")
    login.password_file.write_text(PASSWORD + "\n")
    made = f"-genkeypair -keyalg EC -validity 2 -dname CN={HOST} -ext SAN=IP:{HOST}"
    _keytool(store, *made.split())
    _keytool(store, "-exportcert", "-rfc", "-file", str(login.ca_file))
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    return {
        "listener.security.protocol.map": "CLIENT:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "listener.name.client.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.client.scram-sha-512.sasl.jaas.config": scram,
        "listener.name.client.ssl.keystore.type": "PKCS12",
        "listener.name.client.ssl.keystore.location": str(store),
        "listener.name.client.ssl.keystore.password": _STORE_PASSWORD,
    }, login


def add_user(server: KafkaServer) -> None:
    """Create USER with PASSWORD on the broker."""
    command = [program("java"), "-cp", kafka_classpath(), "kafka.admin.ConfigCommand"]
    command += ["--bootstrap-server", f"{HOST}:{server.node.internal_port}", "--alter"]
    command += ["--add-config", f"SCRAM-SHA-512=[password={PASSWORD}]"]
    command += ["--entity-type", "users", "--entity-name", USER]
    subprocess.run(command, check=True, timeout=_LIMIT_S, capture_output=True)


def _keytool(store: Path, *arguments: str) -> None:
    keytool = shutil.which("keytool") or str(Path(program("java")).resolve().with_name("keytool"))
    command = [keytool, *arguments, "-alias", "broker", "-keystore", str(store), "-storetype", "PKCS12"]
    subprocess.run(
        [*command, "-storepass", _STORE_PASSWORD], check=True, timeout=_LIMIT_S, capture_output=True
    )
