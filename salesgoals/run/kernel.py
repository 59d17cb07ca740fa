"""A notebook run inside the process that asked for it, with the outputs papermill would have written.

Starting and stopping a kernel costs more than a report's own work. Here the notebook's cells are run by the
very class that a kernel process runs, ``IPythonKernel``, but in this process: what it sends is put into a
list instead of a socket, and nbclient reads the list with its own code. So outputs, tracebacks and metadata
come from the same code as always.

This is for a process that runs one notebook and ends (:mod:`salesgoals.run.server` forks one for each):
standard output, ``__main__`` and the shell are taken over and never given back.

Of ipykernel and jupyter_client these internals are used, each pinned by a test in ``test_engine.py``:
``Session.send`` (all messages go through it), ``IPythonKernel`` with ``execute_request``, ``set_parent``,
``_publish_status``, ``kernel_info``, ``shell_handlers``; of nbclient that it takes replies from
``kc.shell_channel`` and outputs from ``kc.iopub_channel``.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from types import SimpleNamespace
from typing import Any

import ipykernel.debugger
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session, extract_header
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import Any as AnyTrait
from traitlets.config import Config

ENGINE = "salesgoals-inside"
# Nobody steps through a batch: without this each kernel would set up a debugger.
ipykernel.debugger._is_debugpy_available = False


class _Mailbox(deque):
    """A list of messages with the two ends of a channel: the kernel appends, nbclient gets."""

    async def get_msg(self, timeout: float | None = None) -> Any:
        end = None if timeout is None else time.monotonic() + timeout
        while not self:
            if end is not None and time.monotonic() >= end:
                raise Empty
            await asyncio.sleep(.001)
        return self.popleft()

    def flush(self, *_: Any) -> None:
        """Nothing to do; kernels flush their sockets."""


class _Session(Session):
    """A session that delivers into a mailbox, after the same trip through JSON that a socket would give."""

    published = AnyTrait()

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, ident: Any = None,
             buffers: Any = None, track: bool = False, header: Any = None, metadata: Any = None) -> Any:
        message = (dict(msg_or_type) if isinstance(msg_or_type, dict) else
                   self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata))
        message["content"] = self.unpack(self.pack(message["content"]))
        message["buffers"] = list(buffers or message.get("buffers") or [])
        (self.published if stream is None else stream).append(message)
        return message


class _Output(io.TextIOBase):
    """Standard output or error of the cells: gathered, and sent as one message at each flush."""

    encoding, errors = "UTF-8", "strict"

    def __init__(self, name: str, descriptor: int, session: _Session) -> None:
        self.name, self._descriptor, self._session = name, descriptor, session
        self._texts: list[str] = []
        self._parent: dict[str, Any] = {}

    def set_parent(self, parent: Any) -> None:
        self._parent = extract_header(parent)

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._texts.append(text)
        return len(text)

    def flush(self) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        if text:
            self._session.send(None, "stream", {"name": self.name, "text": text}, parent=self._parent)


class _Descriptors:
    """What programs started by a cell, or C code, write to descriptors 1 and 2."""

    def __init__(self) -> None:
        self._files = {number: os.memfd_create(f"output{number}") for number in (1, 2)}
        self._read = dict.fromkeys(self._files, 0)
        for number, file in self._files.items():
            os.dup2(file, number)

    def drain(self, outputs: tuple[_Output, _Output]) -> None:
        for (number, file), output in zip(self._files.items(), outputs, strict=True):
            size = os.fstat(file).st_size
            if size > self._read[number]:
                text = os.pread(file, size - self._read[number], self._read[number])
                output.write(text.decode("utf-8", "replace"))
                self._read[number] = size


class _Kernel(IPythonKernel):
    shell_stream = AnyTrait()
    iopub_socket = AnyTrait()
    # Cells with top-level await ask which thread they are in.
    shell_channel_thread = AnyTrait()
    # The pause that lets the requests behind a failed one be dropped; here none is waiting.
    _execute_sleep = 0

    def _abort_queues(self, *_: Any, **__: Any) -> None:
        """Nothing waits behind a failed cell."""


class _KernelClient:
    """What nbclient needs of a kernel client."""

    allow_stdin = False

    def __init__(self) -> None:
        self.shell_channel, self.iopub_channel = _Mailbox(), _Mailbox()
        self._asked: deque[Any] = deque()
        # nbclient's stand-in for Output widgets answers the kernel on this channel.
        self.shell_channel.send = self._asked.append  # type: ignore[attr-defined]
        self.session = _Session(published=self.iopub_channel, key=b"")
        self._outputs = (_Output("stdout", 1, self.session), _Output("stderr", 2, self.session))
        self._descriptors = _Descriptors()
        sys.stdout, sys.stderr = self._outputs
        config = Config()
        config.HistoryManager.enabled = False  # several processes would share one file
        config.HistoryManager.hist_file = ":memory:"
        # instance(), not the constructor: widgets look for the one kernel there is.
        self._kernel = _Kernel.instance(
            config=config, log=logging.getLogger("salesgoals.kernel"), session=self.session,
            iopub_socket=self.iopub_channel, shell_stream=self.shell_channel,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.current_thread()))

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True,
                      **_: Any) -> str:
        kernel = self._kernel
        while self._asked:
            asked = self._asked.popleft()
            if handler := kernel.shell_handlers.get(asked["header"]["msg_type"]):
                handler(self.shell_channel, [], asked)
        request = self.session.msg("execute_request", {
            "code": code, "silent": False, "store_history": store_history, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": stop_on_error})
        kernel.set_parent([], request, channel="shell")
        kernel._publish_status("busy", "shell")
        kernel.pre_handler_hook()
        try:
            await kernel.execute_request(self.shell_channel, [], request)
        finally:
            kernel.post_handler_hook()
            self._descriptors.drain(self._outputs)
            for output in self._outputs:
                output.flush()
            kernel._publish_status("idle", "shell")
        return str(request["header"]["msg_id"])

    def kernel_info(self, **_: Any) -> str:
        request = self.session.msg("kernel_info_request", {})
        content = {"status": "ok", **self._kernel.kernel_info}
        self.shell_channel.append(self.session.msg("kernel_info_reply", content, parent=request))
        return str(request["header"]["msg_id"])

    def is_alive(self) -> bool:
        return True


class _NotebookClient(PapermillNotebookClient):
    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        if "" not in sys.path:  # as a kernel has it: modules in the working folder come before installed ones
            installed = [place for place, path in enumerate(sys.path) if path.endswith("-packages")]
            sys.path.insert(installed[0] if installed else len(sys.path), "")
        self.kc = _KernelClient()
        yield


class InsideEngine(NBClientEngine):
    """papermill's engine for :data:`ENGINE`; the rest of papermill works on it as on its own."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Run the cells of a notebook in this process."""
        return _NotebookClient(nb_man, kernel_name=kernel_name,
                               timeout=options.get("execution_timeout")).execute()


papermill_engines.register(ENGINE, InsideEngine)


def works() -> bool:
    """Try the kernel on a tiny notebook, in a process of its own: are the outputs what they should be?"""
    import nbformat
    import papermill

    sources = {"x: int = 1": ["parameters"], "print('a')\nx + 1": []}
    cells = [nbformat.v4.new_code_cell(text, metadata={"tags": tags}) for text, tags in sources.items()]
    kernel = {"name": "python3", "display_name": "", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel,
                                                               "language_info": {"name": "python"}})
    done = papermill.execute_notebook(notebook, None, {"x": 2}, engine_name=ENGINE, progress_bar=False)
    stream, result = done.cells[-1].outputs
    return bool(stream.text == "a\n" and result.data == {"text/plain": "3"})
