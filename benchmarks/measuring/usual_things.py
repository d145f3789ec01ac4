"""What honest answer files do beside their answer, as source that does all of it once, on import."""

SOURCE = """\
import numpy as np

load = np.__builtins__["__import__"]
MODULES = (
    "argparse", "array", "ast", "asyncio", "base64", "bisect", "bz2", "calendar", "cmath", "collections",
    "concurrent.futures", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib", "dis",
    "doctest", "enum", "fractions", "functools", "gc", "glob", "gzip", "hashlib", "heapq", "inspect", "io",
    "itertools", "json", "locale", "logging", "lzma", "multiprocessing", "operator", "os", "pathlib", "pdb",
    "pickle", "pkgutil", "platform", "pprint", "profile", "queue", "random", "re", "sched", "secrets",
    "shutil", "signal", "statistics", "string", "struct", "sys", "tempfile", "textwrap", "threading", "time",
    "timeit", "traceback", "types", "typing", "unittest", "uuid", "warnings", "weakref", "zipfile", "zlib",
    "numpy.fft", "numpy.ma", "numpy.polynomial", "numpy.lib", "numpy.testing", "numpy.random",
    "numpy.ctypeslib",
)


def compute():
    rng = np.random.default_rng()
    square = rng.normal(size=(300, 300))
    square @ square, np.linalg.svd(square), np.linalg.inv(square), np.fft.fft(square), np.sort(square)
    large = np.zeros(20_000_000)
    large += 1.0
    np.einsum("ij,jk->ik", square, square)
    np.lib.stride_tricks.sliding_window_view(square, (3, 3)).copy()
    with np.errstate(all="ignore"):
        np.log(np.zeros(3))


def look_around():
    os, sys, time, pathlib = (load(name) for name in ("os", "sys", "time", "pathlib"))
    os.path.exists("data"), os.path.realpath("x"), os.path.isdir("/tmp"), os.access("/tmp", os.R_OK)
    os.cpu_count(), os.getcwd(), os.getpid(), os.getenv("HOME")
    pathlib.Path("data").exists(), pathlib.Path("a/b").resolve()
    os.uname(), os.times(), os.getuid(), os.getgid(), os.urandom(8), sys.stdout.isatty(), os.get_exec_path()
    time.time(), time.perf_counter(), time.process_time(), time.thread_time(), time.monotonic()
    time.sleep(0.001)
    load("shutil").get_terminal_size(), load("platform").platform(), load("uuid").uuid4()
    load("resource").getrusage(0), load("random").SystemRandom().random(), len(os.sched_getaffinity(0))


def speak():
    sys = load("sys")
    print("hello", flush=True)
    sys.stderr.write("hello\\\\n")
    load("warnings").warn("odd")
    load("logging").getLogger().warning("odd")
    load("traceback").print_stack()
    load("inspect").getsource(load("json").dumps)
    with load("contextlib").redirect_stdout(load("io").StringIO()):
        print("nobody reads this")


def run_threads():
    threading = load("threading")
    threads = [threading.Thread(target=compute) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with load("concurrent.futures").futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(abs, range(100)))
    event = threading.Event()
    threading.Timer(0.01, event.set).start()
    event.wait(0.5)
    load("queue").Queue().put(1)


def fail():
    signal, faulthandler = load("signal"), load("faulthandler")
    signal.signal(signal.SIGALRM, lambda *_: None)
    faulthandler.enable()
    for name in ("results.txt", "data/train.npy"):
        try:
            open(name)
        except OSError:
            pass
    try:
        exec("def f(n): return f(n + 1)\\\\nf(0)")
    except RecursionError:
        pass


def train():
    torch = load("torch")
    torch.set_num_threads(2)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.Flatten(), torch.nn.Linear(7200, 10)
    )
    images = torch.utils.data.TensorDataset(torch.rand(64, 3, 32, 32), torch.randint(10, (64,)))
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in torch.utils.data.DataLoader(images, batch_size=16, shuffle=True):
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    file = load("io").BytesIO()
    torch.save(model.state_dict(), file)
    file.seek(0)
    torch.load(file, weights_only=True)
    torch.rand(500, 500) @ torch.rand(500, 500)
    torch.linalg.svd(torch.rand(50, 50)), torch.cuda.is_available()


for module in MODULES:
    try:
        load(module)
    except Exception as error:
        print(module, error)
for usual in (compute, look_around, speak, run_threads, fail, train):
    try:
        usual()
    except Exception as error:
        print(usual.__name__, type(error).__name__, error)
"""
