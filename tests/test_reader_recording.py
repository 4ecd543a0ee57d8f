"""Sound, film and the data that cameras leave in pictures."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from archive_check import readers
from archive_check.model import Document, SourceFile

Reading = Callable[[str, bytes], Document]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(name: str, data: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return readers.read(SourceFile(name, str(path), len(data)))[0]

    return read


def sound(seconds: int = 2) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(1)
        recording.setframerate(8000)
        recording.writeframes(bytes(8000 * seconds))
    return buffer.getvalue()


def box(kind: bytes, *contents: bytes) -> bytes:
    data = b"".join(contents)
    return struct.pack(">I4s", 8 + len(data), kind) + data


def film() -> bytes:
    header = bytes(12) + struct.pack(">II", 1000, 90_500) + bytes(80)
    track = bytes(76) + struct.pack(">II", 640 << 16, 480 << 16)
    return (
        box(b"ftyp", b"isom\0\0\2\0isommp41")
        + box(b"moov", box(b"mvhd", header), box(b"trak", box(b"tkhd", track)))
        + box(b"mdat", bytes(4000))
    )


def test_sound_has_a_duration(reading: Reading) -> None:
    found = reading("1.wav", sound())
    assert (found.media_type, found.traits) == ("audio/wav", {"sound"})
    assert (found.properties["duration"], found.text_read) == ("2.0", False)


def test_film_has_dimensions_and_a_duration(reading: Reading) -> None:
    found = reading("1.mp4", film())
    assert (found.media_type, found.traits) == ("video/mp4", {"film"})
    assert {key: found.properties[key] for key in ("width", "height", "duration")} == {
        "width": "640", "height": "480", "duration": "90.5",
    }  # fmt: skip


def test_avi_has_dimensions_and_a_duration(reading: Reading) -> None:
    main = struct.pack("<I12xI12xII16x", 40_000, 250, 320, 240)
    headers = b"hdrlavih" + struct.pack("<I", len(main)) + main
    body = b"AVI LIST" + struct.pack("<I", len(headers)) + headers
    found = reading("1.avi", b"RIFF" + struct.pack("<I", len(body)) + body)
    assert found.traits == {"film"}
    assert {key: found.properties[key] for key in ("width", "height", "duration")} == {
        "width": "320", "height": "240", "duration": "10.0",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "data"), [("1.wav", sound()), ("1.mp4", film())])
def test_half_a_recording_is_damaged(reading: Reading, name: str, data: bytes) -> None:
    found = reading(name, data[: len(data) // 2])
    assert found.problem is not None
    assert found.problem.kind == "damaged"


def test_a_recorder_that_never_came_back_and_padding_are_no_damage(reading: Reading) -> None:
    data = bytearray(sound())
    data[4:8] = b"\xff" * 4
    assert reading("1.wav", bytes(data)).problem is None
    assert reading("1.mp4", film() + bytes(100)).problem is None
    assert reading("2.mp4", film() + b"\xff\xff\xff\xff\x01\x02\x03\x04" * 10).problem is None


def test_when_a_picture_was_taken(reading: Reading) -> None:
    image = Image.new("RGB", (64, 48))
    exif = image.getexif()
    exif[272] = "Camera 1"
    exif.get_ifd(0x8769)[36867] = "2023:03:06 09:30:00"
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    found = reading("1.jpg", buffer.getvalue())
    assert (found.properties["taken"], found.properties["camera"]) == ("2023-03-06", "Camera 1")
