#!/usr/bin/env python3
"""Measures time and energy of small PyTorch workloads on the NVIDIA GPU at hand: what `ecocompute calibrate` runs.

    measure.py [--device N] [--window 2.0] [--repeats 10] [--seconds 600] [--only GROUP[,GROUP]] [--list] [--allow-busy]

One JSON object per line on standard output: first the device with its idle power, before and with a CUDA context, then
one row per case. Method: warm up; take so many calls that one window lasts at least --window seconds (NVML's counter is
updated every few tens of milliseconds, shorter windows lie); read the board's total energy before and after a
synchronised window; repeat; report mean and coefficient of variation. Energy is the whole board, idle included. Inputs are
random, never zeros, and taken in turn so that the cache does not answer repeated reads. No setting of the GPU is changed.
What goes wrong is one JSON object {"error", "message"} and exit status 1.

For tests: --recorded FILE takes the energy counter's readings (mJ, one JSON list) from a file and runs tiny cases on the CPU.
"""

import argparse
import itertools
import json
import math
import statistics
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--device", type=int, default=0)
parser.add_argument("--window", type=float, default=2.0)
parser.add_argument("--repeats", type=int, default=10)
parser.add_argument("--seconds", type=float, default=600)
parser.add_argument("--only")
parser.add_argument("--list", action="store_true")
parser.add_argument("--allow-busy", action="store_true")
parser.add_argument("--recorded")
options = parser.parse_args()


def say(row):
    print(json.dumps(row), flush=True)


def fail(error, message):
    say({"error": error, "message": message})
    sys.exit(1)


class RecordedCounter:
    """The readings of a counter as they were once written down, one for each time it is asked."""

    def __init__(self, path):
        with open(path) as file:
            self.readings = iter(json.load(file))

    def energy_mJ(self):
        try:
            return next(self.readings)
        except StopIteration:
            fail("recording", "the recorded counter has no reading left")

    def state(self):
        return {}

    def about(self):
        return {"driver": "recorded", "name": "recorded"}


class NvmlCounter:
    """The board's own counter. It counts for the whole board, whoever uses it: others must be away."""

    def __init__(self, index):
        try:
            import pynvml
        except ImportError:
            fail("nvml-missing", "the Python package nvidia-ml-py is not installed; pip install nvidia-ml-py")
        self.nvml = pynvml
        try:
            pynvml.nvmlInit()
            count = pynvml.nvmlDeviceGetCount()
        except pynvml.NVMLError as error:
            fail("no-gpu", "NVML finds no NVIDIA GPU: %s" % error)
        if index >= count:
            fail("no-gpu", "there is no GPU %d; NVML counts %d" % (index, count))
        self.handle = pynvml.nvmlDeviceGetHandleByIndex(index)
        try:
            pynvml.nvmlDeviceGetTotalEnergyConsumption(self.handle)
        except pynvml.NVMLError as error:
            fail("no-counter", "this GPU has no total-energy counter (Volta and later have one): %s" % error)
        if not options.allow_busy:
            self.check_idle()

    def check_idle(self):
        others = self.nvml.nvmlDeviceGetComputeRunningProcesses(self.handle)
        use = max(self.nvml.nvmlDeviceGetUtilizationRates(self.handle).gpu for _ in range(3))
        if others or use > 5:
            fail(
                "busy",
                "the GPU is in use (%d processes, %d %%): energy could not be told apart; stop them, or pass --allow-busy"
                % (len(others), use),
            )

    def energy_mJ(self):
        return self.nvml.nvmlDeviceGetTotalEnergyConsumption(self.handle)

    def state(self):
        n, h = self.nvml, self.handle
        return {
            "sm_MHz": n.nvmlDeviceGetClockInfo(h, n.NVML_CLOCK_SM),
            "mem_MHz": n.nvmlDeviceGetClockInfo(h, n.NVML_CLOCK_MEM),
            "temperature_C": n.nvmlDeviceGetTemperature(h, 0),
        }

    def about(self):
        text = lambda x: x.decode() if isinstance(x, bytes) else x
        limit = self.nvml.nvmlDeviceGetPowerManagementLimit(self.handle) / 1000
        return {
            "driver": text(self.nvml.nvmlSystemGetDriverVersion()),
            "name": text(self.nvml.nvmlDeviceGetName(self.handle)),
            "power_limit_W": limit,
        }


dry = options.recorded is not None
START = time.monotonic()
counter = None
if not options.list:
    counter = RecordedCounter(options.recorded) if dry else NvmlCounter(options.device)


def idle_power(seconds):
    """Watts over a quiet while."""
    before, begin = counter.energy_mJ(), time.perf_counter()
    time.sleep(seconds)
    joules = (counter.energy_mJ() - before) / 1e3
    return joules / (time.perf_counter() - begin)


quiet = 0.02 if dry else max(4.0, options.window)
# Before anything makes a CUDA context: what the board draws when nobody uses it.
idle_without = None if options.list else idle_power(quiet)

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    fail("no-torch", "PyTorch is not installed in this Python; name another with --python")

cpu = dry or options.list
if not cpu and not torch.cuda.is_available():
    fail("no-cuda", "this PyTorch (%s) was built without CUDA, or its driver does not answer" % torch.__version__)
device = "cpu" if cpu else "cuda:%d" % options.device


def synchronise():
    if not cpu:
        torch.cuda.synchronize(device)


# ---------------------------------------------------------------- cases
# group, name, dtype, geometry (as the engine's `Work`), FLOPs, bytes, launches, and what makes the call
CASES = []


def case(group, name, dtype, work, flops, elementwise, moved, make, launches=1):
    CASES.append((group, name, dtype, work, flops, elementwise, moved, launches, make))


def turns(make):
    """Several independent sets of inputs, taken in turn."""
    sets = itertools.cycle([make() for _ in range(1 if cpu else 3)])
    return lambda: next(sets)


def random(*shape, dtype):
    return torch.randn(*shape, device=device, dtype=torch.float32).to(dtype)


DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}
scale = 64 if cpu else 1


def gemm_case(m, n, k, dtype, tf32=False):
    m, n, k = max(1, m // scale), n // scale, k // scale
    size = 4 if dtype == "float32" else 2

    def make():
        inputs = turns(lambda: (random(m, k, dtype=DTYPES[dtype]), random(k, n, dtype=DTYPES[dtype])))

        def call():
            a, b = inputs()
            return a @ b

        return call, tf32

    label = "%s%s %dx%dx%d" % (dtype, " tf32" if tf32 else "", m, n, k)
    work = {"kind": "gemm", "batch": 1, "m": m, "n": n, "k": k}
    case("gemm", label, "tf32" if tf32 else dtype, work, 2 * m * n * k, 0, size * (m * k + k * n + m * n), make)


for d in ("bfloat16", "float16", "float32"):
    for m, n, k in ((8192, 8192, 8192), (4096, 4096, 4096), (2048, 8192, 2048), (512, 4096, 4096), (16, 8192, 8192)):
        gemm_case(m, n, k, d)
for m in (8192, 4096):
    gemm_case(m, m, m, "float32", tf32=True)


def memory_case(group, pattern, rows, cols, dtype, tensors, call_of, elementwise=1):
    rows, cols = max(1, rows // scale), max(1, cols // (scale if cols > 65536 else 1))
    size = 4 if dtype == "float32" else 2
    numel = rows * cols

    def make():
        inputs = turns(lambda: random(rows, cols, dtype=DTYPES[dtype]))
        return call_of(inputs), False

    work = {"kind": "memory", "pattern": pattern, "rows": rows, "cols": cols}
    case(group, "%s %s %dx%d" % (pattern, dtype, rows, cols), dtype, work, 0, elementwise * numel, tensors * numel * size, make)


for d in ("bfloat16", "float32"):
    for rows in (16384, 4096):
        memory_case("memory", "elementwise", rows, 8192, d, 2, lambda x: (lambda: torch.relu(x())))
        memory_case("memory", "softmax", rows, 8192, d, 2, lambda x: (lambda: torch.softmax(x(), -1)), 5)
        memory_case("memory", "norm", rows, 8192, d, 2, lambda x: (lambda: F.layer_norm((t := x()), t.shape[-1:])), 5)


def attention_case(batch, heads, length, d):
    length = max(16, length // scale)

    def make():
        inputs = turns(lambda: [random(batch, heads, length, d, dtype=torch.bfloat16) for _ in range(3)])
        return (lambda: F.scaled_dot_product_attention(*inputs())), False

    work = {"kind": "attention", "heads": batch * heads, "kvHeads": batch * heads, "s": length, "t": length, "d": d, "dv": d}
    work.update(causal=False, masked=False)
    flops = 4 * batch * heads * length * length * d
    case("attention", "sdpa bfloat16 %dx%dx%dx%d" % (batch, heads, length, d), "bfloat16", work, flops, 0, 8 * batch * heads * length * d, make)


for length in (4096, 1024):
    attention_case(4, 16, length, 128)


def launches_case():
    count = 100

    def make():
        x = torch.ones(8, device=device)

        def call():
            for _ in range(count):
                x.add_(1)

        return call, False

    work = {"kind": "memory", "pattern": "elementwise", "rows": 1, "cols": 8}
    case("host", "100 tiny kernels", "float32", work, 0, 8 * count, 64 * count, make, count)


launches_case()

if options.list:
    for group, name, *_ in CASES:
        print(group, name)
    sys.exit(0)


# ---------------------------------------------------------------- measuring
def window(call, count):
    synchronise()
    before, begin = counter.energy_mJ(), time.perf_counter()
    for _ in range(count):
        call()
    synchronise()
    return time.perf_counter() - begin, (counter.energy_mJ() - before) / 1e3


def spread(values):
    mean = statistics.mean(values)
    return statistics.pstdev(values) / mean if len(values) > 1 and mean else 0.0


def measure(call):
    for _ in range(3):
        call()
    synchronise()
    begin, calls = time.perf_counter(), 0
    while time.perf_counter() - begin < (0.01 if dry else 0.25):
        call()
        calls += 1
        if calls % 8 == 0:
            synchronise()
    synchronise()
    one = (time.perf_counter() - begin) / max(calls, 1)
    count = max(3, math.ceil(options.window / one))
    seconds, joules = [], []
    for _ in range(options.repeats):
        s, j = window(call, count)
        seconds.append(s / count)
        joules.append(j / count)
    s, j = statistics.mean(seconds), statistics.mean(joules)
    row = {"s": s, "J": j, "W": j / s, "s_cv": round(spread(seconds), 4), "J_cv": round(spread(joules), 4)}
    row.update(repeats=options.repeats, iters=count, window_s=round(s * count, 3), **counter.state())
    return row


context = torch.ones(1, device=device)
synchronise()
if not dry:
    time.sleep(1)
about = counter.about()
say(
    {
        "group": "device",
        **about,
        "torch": torch.__version__,
        "idle_W": idle_without,
        "idle_with_context_W": idle_power(quiet),
        "window_s": options.window,
        "repeats": options.repeats,
    }
)
wanted = options.only.split(",") if options.only else None
for group, name, dtype, work, flops, elementwise, moved, launches, make in CASES:
    if wanted and group not in wanted:
        continue
    if time.monotonic() - START > options.seconds:
        say({"group": "end", "message": "time is up; the cases left were not measured"})
        break
    base = {"group": group, "name": name, "dtype": dtype, "work": work, "flops": flops}
    base.update(elementwise=elementwise, bytes=moved, launches=launches)
    try:
        call, tf32 = make()
        torch.backends.cuda.matmul.allow_tf32 = tf32
        say({**base, **measure(call)})
    except RuntimeError as error:
        # Too little memory for one case is no reason to lose the others.
        say({**base, "skipped": str(error).splitlines()[0]})
    finally:
        call = None
        if not cpu:
            torch.cuda.empty_cache()
