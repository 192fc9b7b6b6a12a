#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Converts an MP4 that ffmpeg wrote to a fragmented one, as Media Source Extensions need: fragment.py SOURCE TARGET

Supports clips of one video track without reordered frames. Needs no key, since encrypted samples, their initialization
vectors and subsamples are moved, not changed. ffmpeg itself encrypts only files that are not fragmented.
"""

import struct
import sys

W3C_COMMON_SYSTEM = bytes.fromhex("1077efecc0b24d02ace33c1e52e2fb4b")  # a pssh box that only names key ids
SAMPLES_AT_ONCE = 25


def boxes(data, at, end):
    """Yields every box between two offsets: its type, and the offsets of its content."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        assert size >= 8, "boxes of 64-bit sizes are not expected"
        yield kind, at + 8, at + size
        at += size


def find(data, path, at=0, end=None):
    """Returns the offsets of the content of the box at this path of types, or None if there is none."""
    for kind, begin, stop in boxes(data, at, len(data) if end is None else end):
        if kind == path[0]:
            return (begin, stop) if len(path) == 1 else find(data, path[1:], begin, stop)
    return None


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full_box(kind, version, flags, *content):
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


class Clip:
    def __init__(self, data):
        self.data = data
        assert self.table(b"ctts") is None, "frames are reordered"
        self.sizes = self.read_sizes()
        self.offsets = self.read_offsets()
        count, self.duration = struct.unpack_from(">II", data, self.table(b"stts")[0] + 8)
        assert count == len(self.sizes), "the frame rate changes"
        begin, _ = self.table(b"stss")
        number = struct.unpack_from(">I", data, begin + 4)[0]
        self.keyframes = {n - 1 for n in struct.unpack_from(f">{number}I", data, begin + 8)}
        self.encryption = self.read_encryption()

    def table(self, kind):
        return find(self.data, [b"moov", b"trak", b"mdia", b"minf", b"stbl", kind])

    def read_sizes(self):
        begin, _ = self.table(b"stsz")
        same, count = struct.unpack_from(">II", self.data, begin + 4)
        return [same] * count if same else list(struct.unpack_from(f">{count}I", self.data, begin + 12))

    def read_offsets(self):
        begin, _ = self.table(b"stsc")
        runs = [struct.unpack_from(">II", self.data, begin + 8 + 12 * i) for i in range(self.count(begin))]
        begin, _ = self.table(b"stco")
        out = []
        for chunk in range(self.count(begin)):
            at = struct.unpack_from(">I", self.data, begin + 8 + 4 * chunk)[0]
            for _ in range([n for first, n in runs if first <= chunk + 1][-1]):
                out.append(at)
                at += self.sizes[len(out) - 1]
        return out

    def count(self, begin):
        return struct.unpack_from(">I", self.data, begin + 4)[0]

    def read_encryption(self):
        """Returns the initialization vector and subsamples of each sample, from senc; None if there is no senc."""
        if self.table(b"senc") is None:
            return None
        begin, _ = self.table(b"senc")
        self.senc_flags = struct.unpack_from(">I", self.data, begin)[0] & 0xFFFFFF
        at, out = begin + 8, []
        for _ in self.sizes:
            start = at
            at += 8
            if self.senc_flags & 2:
                at += 2 + 6 * struct.unpack_from(">H", self.data, at)[0]
            out.append(self.data[start:at])
        return out

    def key_id(self):
        at = self.data.index(b"tenc") + 4
        return self.data[at + 8 : at + 24]

    # The beginning: everything but the tables of samples.
    def rebuild(self, begin, end):
        out = b""
        for kind, start, stop in boxes(self.data, begin, end):
            content = self.data[start:stop]
            if kind in (b"trak", b"mdia", b"minf", b"stbl"):
                content = self.rebuild(start, stop)
            elif kind in (b"stts", b"stsc", b"stco"):
                content = bytes(8)
            elif kind == b"stsz":
                content = bytes(12)
            elif kind in (b"stss", b"senc", b"saio", b"saiz", b"sgpd", b"sbgp", b"edts", b"udta"):
                continue
            out += box(kind, content)
        return out

    def beginning(self):
        moov = self.rebuild(*find(self.data, [b"moov"]))
        moov += box(b"mvex", full_box(b"trex", 0, 0, struct.pack(">5I", 1, 1, 0, 0, 0)))
        if self.encryption:
            moov += full_box(b"pssh", 1, 0, W3C_COMMON_SYSTEM, struct.pack(">I", 1), self.key_id(), bytes(4))
        return box(b"ftyp", b"iso6", bytes(4), b"iso6cencmp41") + box(b"moov", moov)

    def fragment(self, first, last):
        samples = range(first, last)
        data = b"".join(self.data[self.offsets[i] : self.offsets[i] + self.sizes[i]] for i in samples)
        moof = self.movie_fragment(samples, 0, 0)
        senc_at = moof.find(b"senc")
        return self.movie_fragment(samples, len(moof) + 8, senc_at + 12) + box(b"mdat", data)

    def movie_fragment(self, samples, data_at, encryption_at):
        """Returns a moof. The offsets of its data and initialization vectors are known only once one was built."""
        entries = b"".join(
            struct.pack(">II", self.sizes[i], 0x02000000 if i in self.keyframes else 0x01010000) for i in samples
        )
        parts = [
            full_box(b"tfhd", 0, 0x020008, struct.pack(">II", 1, self.duration)),
            full_box(b"tfdt", 1, 0, struct.pack(">Q", samples[0] * self.duration)),
            full_box(b"trun", 0, 0x000601, struct.pack(">Ii", len(samples), data_at), entries),
        ]
        if self.encryption:
            details = [self.encryption[i] for i in samples]
            parts += [
                full_box(b"saiz", 0, 0, bytes(1), struct.pack(">I", len(details)), bytes(len(d) for d in details)),
                full_box(b"saio", 0, 0, struct.pack(">II", 1, encryption_at)),
                full_box(b"senc", 0, self.senc_flags, struct.pack(">I", len(details)), *details),
            ]
        return box(b"moof", full_box(b"mfhd", 0, 0, struct.pack(">I", samples[0] + 1)), box(b"traf", *parts))


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file:
        clip = Clip(file.read())
    count = len(clip.sizes)
    with open(target, "xb") as file:
        file.write(clip.beginning())
        for first in range(0, count, SAMPLES_AT_ONCE):
            file.write(clip.fragment(first, min(first + SAMPLES_AT_ONCE, count)))


if __name__ == "__main__":
    main()
