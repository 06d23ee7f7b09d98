"""A directory that speaks SAML: pysaml2's identity provider, signing with the library that python3-saml brings."""

import warnings
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.utils import timezone
from lxml import etree

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, saml, xmldsig
    from saml2.config import IdPConfig
    from saml2.server import Server
    from saml2.sigver import CryptoBackend

ENTITY = "https://idp.gotland.example/metadata"
SSO = "https://idp.gotland.example/sso"


class Signer(CryptoBackend):  # type: ignore[misc]
    """Signs as the program xmlsec1 would, without needing it."""

    version = "1.3.0"

    def sign_statement(self, statement: Any, node_name: str, key_file: str, node_id: str) -> str:
        tree = etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
        xmlsec.tree.add_ids(tree, ["ID"])
        (node,) = tree.xpath("//*[@ID=$id]", id=node_id)
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(key_file, xmlsec.constants.KeyDataFormatPem)
        context.sign(xmlsec.tree.find_node(node, xmlsec.constants.NodeSignature))
        return str(etree.tostring(tree).decode())


class Directory:
    """The region's directory."""

    def __init__(self, folder: Path, sp_metadata: str) -> None:
        self.key, self.certificate = keys(folder)
        config = IdPConfig().load(
            {
                "entityid": ENTITY,
                "crypto_backend": "XMLSecurity",
                "key_file": str(self.key),
                "cert_file": str(self.certificate),
                "metadata": {"inline": [sp_metadata]},
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [(SSO, BINDING_HTTP_REDIRECT)]},
                        "policy": {"default": {"attribute_restrictions": None, "lifetime": {"minutes": 5}}},
                    }
                },
            }
        )
        self.server = Server(config=config)
        self.server.sec.crypto = Signer()

    def answer(
        self, question: str, *, number: str, said: Mapping[str, Sequence[str]], is_signed: bool = True
    ) -> dict[str, str]:
        """What the browser is told to post when the person has signed in."""
        (saml_request,) = parse_qs(urlsplit(question).query)["SAMLRequest"]
        request = self.server.parse_authn_request(saml_request, BINDING_HTTP_REDIRECT).message
        response = self.server.create_authn_response(
            identity=dict(said),
            in_response_to=request.id,
            destination=request.assertion_consumer_service_url,
            sp_entity_id=request.issuer.text,
            name_id=saml.NameID(format=saml.NAMEID_FORMAT_PERSISTENT, text=number),
            authn={"class_ref": saml.AUTHN_PASSWORD_PROTECTED, "authn_auth": ENTITY},
            sign_assertion=is_signed,
            sign_response=False,
            sign_alg=xmldsig.SIG_RSA_SHA256,
            digest_alg=xmldsig.DIGEST_SHA256,
        )
        http_args = self.server.apply_binding(
            BINDING_HTTP_POST, str(response), request.assertion_consumer_service_url, response=True
        )
        form = etree.HTML(str(http_args["data"]))
        return {each.get("name"): each.get("value") for each in form.findall(".//input[@name]")}


def keys(folder: Path) -> tuple[Path, Path]:
    """A key and its certificate, made for the test."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.gotland.example")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    key_file, certificate_file = folder / "key.pem", folder / "certificate.pem"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key_file, certificate_file
