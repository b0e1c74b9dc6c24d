"""Checkpoints of NativeAdamax in Python: read, and loaded into PyTorch or Keras.

Needs NumPy, and for load_into_torch PyTorch. A checkpoint is a file in the safetensors format: the weights of a
parameter under its name, its state under the names that PyTorch uses, behind a dot.
"""

import json
import struct

import numpy as np

TYPES = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8"}
MOMENTS = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq", "exp_inf")
NUMBERS = ("step", "mu_product")


def read(path):
    """The tensors of a checkpoint by name, and its metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        metadata = header.pop("__metadata__", {})
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            file.seek(8 + length + begin)
            values = np.frombuffer(file.read(end - begin), TYPES[entry["dtype"]])
            tensors[name] = values.reshape(entry["shape"])
    return tensors, metadata


def load_into_torch(tensors, model, optimizer):
    """Weights and state, by the names of the model's parameters. The optimizer keeps the numbers of its groups."""
    import torch

    def tensor(name, like):
        return torch.from_numpy(tensors[name].copy()).reshape(like.shape)

    names = {id(parameter): name for name, parameter in model.named_parameters()}
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(tensor(name, parameter))
    saved = optimizer.state_dict()
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for position, parameter in enumerate(parameters):
        name = names[id(parameter)]
        if tensors[f"{name}.step"] == 0:
            continue
        state = {key: tensor(f"{name}.{key}", parameter) for key in MOMENTS if f"{name}.{key}" in tensors}
        for key in NUMBERS:
            if f"{name}.{key}" in tensors:
                state[key] = torch.tensor(float(tensors[f"{name}.{key}"]))
        saved["state"][position] = state
    optimizer.load_state_dict(saved)


def keras_order(tensors, names):
    """The state of these parameters as Keras lists it, behind the iteration and the learning rate."""
    second = "exp_inf" if f"{names[0]}.exp_inf" in tensors else "exp_avg_sq"
    keys = [f"{name}.average" for name in names]
    keys += [f"{name}.gradient_sum" for name in names]
    keys += [f"{name}.{key}" for name in names for key in ("exp_avg", second)]
    keys += [f"{name}.max_exp_avg_sq" for name in names]
    keys += [f"{names[0]}.mu_product"]
    return [tensors[key] for key in keys if key in tensors]


def load_into_keras(tensors, metadata, names, variables, optimizer):
    """Weights and state, once optimizer.build(variables) has been called. The optimizer keeps its learning rate.

    names are those of the parameters in NativeAdamax, in the order of variables.
    """
    for name, variable in zip(names, variables, strict=True):
        variable.assign(tensors[name].reshape(variable.shape))
    iteration, *rest = optimizer.variables
    iteration.assign(json.loads(metadata["run"])["counts"]["call_count"])
    slots = [variable for variable in rest if variable.name != "learning_rate"]
    for variable, values in zip(slots, keras_order(tensors, names), strict=True):
        variable.assign(values.reshape(variable.shape))
