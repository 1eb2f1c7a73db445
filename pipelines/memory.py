"""Give memory that is free again back to the operating system."""

import contextlib
import ctypes

import pyarrow as pa


def release_unused() -> None:
    """Release what Arrow and the C library keep of freed memory, so that a later step of a large run has it.

    The C library keeps freed memory for each thread, so what one thread has read stays counted while another reads.
    Where there is no `malloc_trim` (anything but Linux with glibc) only Arrow's memory is released.
    """
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
