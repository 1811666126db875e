"""An authority of a test's own, and the certificates that it gives."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Authority:
    """Its certificate lies in `file`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._key, self._name = folder, ec.generate_private_key(ec.SECP256R1()), _named(name)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)  # noqa: FBT003  its fields
        draft = _draft(self._name, self._name, self._key).add_extension(usage, critical=True)
        self._certificate = draft.add_extension(x509.BasicConstraints(True, None), critical=True).sign(  # noqa: FBT003
            self._key, hashes.SHA256()
        )
        self.file = folder / f"{name}.crt"
        self.file.write_bytes(self._certificate.public_bytes(Encoding.PEM))

    def certify(self, name: str, *, address: str = "") -> tuple[Path, Path]:
        """Return the files of a certificate for a host or a person, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        if address:
            names.append(x509.IPAddress(ip_address(address)))
        draft = _draft(_named(name), self._name, key).add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = draft.sign(self._key, hashes.SHA256())
        files = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
    )
