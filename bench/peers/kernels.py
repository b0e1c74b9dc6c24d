"""This library's kernels on torch's memory: the structs of native/include/native_adamax.h, and a call of each op."""

import ctypes
from ctypes import POINTER, Structure, byref, c_double, c_float, c_int32, c_uint32, c_uint64, c_void_p

import torch

BEST_ISA = 0
SUM_BLOCK = 4096


class Scalars(Structure):
    _fields_ = [(name, c_float) for name in (
        "grad_scale", "clip", "l2", "c1", "c2", "v_cap", "nu_scale", "root", "eps", "eps_in", "num_m", "num_g",
        "lambda_", "step", "ema")] + [("flags", c_uint32)]


class Tensor(Structure):
    _fields_ = [(name, c_void_p) for name in "wgmvxasd"] + [
        ("packing", c_void_p), ("count", c_uint64), ("row", c_uint32), ("steps", c_uint32)]


class Job(Structure):
    _fields_ = [("kernels", c_void_p), ("rows", POINTER(Scalars)), ("tensors", POINTER(Tensor)),
                ("row_count", c_uint64), ("tensor_count", c_uint64), ("begin", c_uint64), ("end", c_uint64),
                ("scratch", c_void_p)]


def scalars(**changed):
    """Those of Adam far into a run, and what is changed of them."""
    values = {"grad_scale": 1, "clip": float("inf"), "c1": 0.1, "c2": 0.001, "v_cap": 3.4028234663852886e38,
              "nu_scale": 1, "eps": 1e-8, "num_m": 1, "step": 1e-3}
    return Scalars(**{**values, **changed})


class Kernels:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.kernels = c_void_p()
        self.check(self.library.na_kernels_open(c_int32(BEST_ISA), byref(self.kernels)))

    @staticmethod
    def check(status):
        if status != 0:
            raise RuntimeError(f"the library refused with status {status}")

    def call(self, op, row, parameters, streams):
        """A function that runs an op over all parameters in one call; streams: those beside w and g, as letters."""
        states = {name: [torch.zeros_like(p) for p in parameters] for name in streams}
        tensors = (Tensor * len(parameters))()
        for i, parameter in enumerate(parameters):
            tensors[i] = Tensor(w=parameter.data_ptr(), g=parameter.grad.data_ptr(), count=parameter.numel())
            for name, kept in states.items():
                setattr(tensors[i], name, kept[i].data_ptr())
        total = sum(parameter.numel() for parameter in parameters)
        job = Job(self.kernels, ctypes.pointer(row), tensors, 1, len(parameters), 0, total, None)
        sums = (c_double * sum(p.numel() // SUM_BLOCK + 1 for p in parameters))()
        more = (sums, c_uint64(len(sums))) if op == "na_sum_squares_f32" else ()
        run = getattr(self.library, op)

        def call():
            self.check(run(byref(job), *more))

        call.keeps = states
        return call

    def contenders(self, parameters):
        """Of each kind of step that is compared, its name and ours."""
        yield "Adam", self.call("na_adam_f32", scalars(), parameters, "mv")
        yield "AdamW", self.call("na_adam_f32", scalars(lambda_=1e-5), parameters, "mv")
        yield "Adamax", self.call("na_adamax_f32", scalars(), parameters, "mv")
        yield "EMA", self.call("na_ema_f32", scalars(ema=1e-3), parameters, "a")
        yield "clip_grad_norm_", self.call("na_sum_squares_f32", scalars(), parameters, "")
