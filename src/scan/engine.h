/* Which engine reads the tasks and their open files. */
#ifndef NSCTL_SCAN_ENGINE_H
#define NSCTL_SCAN_ENGINE_H

#include <stdbool.h>

#include "ns/type.h"

enum engine {
	ENGINE_AUTO,   /* whichever answers sooner */
	ENGINE_BPF,    /* BPF iterators (Linux 5.10; takes CAP_BPF and CAP_PERFMON) */
	ENGINE_PROCFS, /* /proc, on every kernel, as any user */
	ENGINE_COUNT,
};

/* "auto", "bpf" or "procfs" */
bool engine_from_name(const char *name, enum engine *engine);

/*
 * Whether BPF could be used at all: 0; -EPERM where the caller lacks
 * capabilities or is not in the machine's first user namespace; -EXDEV where
 * /proc is of another pid namespace than the caller, and so has other numbers.
 */
int engine_check_bpf(void);

/*
 * The engine for a scan of all processes where none was asked for: BPF takes
 * about 3 ms before the first task, in which a few processes can be read.
 * types: of the namespaces that are looked for; needs_bpf: what is asked for,
 * only BPF tells.
 */
enum engine engine_choose(ns_type_set types, bool needs_bpf);

#define ENGINE_VARIABLE "NSCTL_ENGINE"

/* What it asks for in the environment: ENGINE_AUTO where it is not set, or to what is no engine. */
enum engine engine_from_environment(void);

#endif
