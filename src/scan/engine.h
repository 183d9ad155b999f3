/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine that reads the tasks and their open files. */
#ifndef NSCTL_SCAN_ENGINE_H
#define NSCTL_SCAN_ENGINE_H

#include <stdbool.h>

#include "ns/type.h"

enum engine {
	ENGINE_AUTO,   /* whichever answers sooner */
	ENGINE_BPF,    /* BPF iterators (Linux 5.10; requires CAP_BPF and CAP_PERFMON) */
	ENGINE_PROCFS, /* /proc, on every kernel, as any user */
	ENGINE_COUNT,
};

/* Stores the engine with this name: "auto", "bpf" or "procfs".  Returns false if none has it. */
bool engine_from_name(const char *name, enum engine *engine);

/*
 * Checks whether BPF could be used at all.  Returns 0; -EPERM if the caller
 * lacks capabilities or is not in the initial user namespace; -EXDEV if /proc
 * was mounted for another pid namespace than the caller's, and so shows other
 * PIDs.
 */
int engine_check_bpf(void);

/*
 * Chooses the engine for a scan of all processes when none was asked for: BPF
 * takes about 3 ms before the first task, in which procfs reads a few processes.
 * types: the types to find; needs_bpf: only BPF reports all that was asked for.
 */
enum engine engine_choose(ns_type_set types, bool needs_bpf);

#endif
