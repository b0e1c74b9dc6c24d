"""Reads a checkpoint by docs/checkpoint-format.md alone, with the standard library and numpy, and prints it as JSON."""
import hashlib
import json
import struct
import sys

import numpy

DTYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}
MOST = 100_000_000


def unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a key stands there twice"
    return dict(pairs)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    assert length <= MOST and 8 + length <= len(data), "the header's length"
    assert data[8:9] == b"{", "the header's first byte"
    header = json.loads(data[8:8 + length].decode("utf-8"), object_pairs_hook=unique)
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(value, str) for value in metadata.values()), "metadata is text"
    body = memoryview(data)[8 + length:]
    tensors, end = {}, 0
    for name, info in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        assert set(info) == {"dtype", "shape", "data_offsets"}, name
        begin, stop = info["data_offsets"]
        dtype = numpy.dtype(DTYPES[info["dtype"]])
        assert begin == end, f"{name} does not follow the tensor before it"
        assert (8 + length + begin) % dtype.itemsize == 0, f"{name} is not aligned"
        array = numpy.frombuffer(body[begin:stop], dtype).reshape(info["shape"])
        assert array.nbytes == stop - begin, name
        tensors[name], end = array, stop
    assert end == len(body), "bytes follow the last tensor"
    return metadata, tensors


def main(path):
    metadata, tensors = read(path)
    assert metadata["format"] == "NativeAdamax checkpoint" and metadata["format_version"] == "1"
    sums = json.loads(metadata["sha256"], object_pairs_hook=unique)
    assert set(sums) == set(tensors), "a checksum for each tensor"
    for name, array in tensors.items():
        assert hashlib.sha256(array.tobytes()).hexdigest() == sums[name], f"the checksum of {name}"
    run = json.loads(metadata["run"], object_pairs_hook=unique)
    json.dump({
        "run": run,
        "tensors": {
            name: {"shape": list(array.shape), "dtype": array.dtype.str, "bytes": array.tobytes().hex()}
            for name, array in tensors.items()
        },
        "metadata": metadata,
    }, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
