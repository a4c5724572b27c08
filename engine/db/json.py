"""JSON as the database holds it: decimals exact both ways, never a float."""

from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def encode(value: Any) -> bytes:
    """UTF-8 JSON of a structure of dict, list, str, int, Decimal, bool and None."""
    return _encoder.encode(value)


def encode_text(value: Any) -> str:
    """The same as text, for drivers that want text."""
    return _encoder.encode(value).decode()


def decode(data: bytes | str) -> Any:
    """The structure that `encode` was given; whole numbers come back as int, others as Decimal."""
    return _decoder.decode(data)
