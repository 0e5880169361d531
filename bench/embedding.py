"""Python's onnxruntime on the shipped model, for comparison: mean pooling and unit length, one thread.

Reads lines `{"texts": [...], "seconds": s}` and answers each with `{"rate": texts per second}`: the texts of a line are one batch,
embedded again and again for that long.
"""

import json
import os
import sys
import time

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

directory = sys.argv[1]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    f"{directory}/onnx/model_quantized.onnx", options, providers=["CPUExecutionProvider"]
)
tokenizer = Tokenizer.from_file(f"{directory}/tokenizer.json")
tokenizer.enable_truncation(256)
tokenizer.enable_padding()


def embed(texts):
    encoded = tokenizer.encode_batch(texts)
    ids = np.array([e.ids for e in encoded], dtype=np.int64)
    mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
    feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    states = session.run(None, feeds)[0]
    pooled = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


print(json.dumps({"ready": onnxruntime.__version__}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    started = time.perf_counter()
    done = 0
    while time.perf_counter() - started < task["seconds"]:
        embed(task["texts"])
        done += len(task["texts"])
    print(json.dumps({"rate": done / (time.perf_counter() - started)}), flush=True)
