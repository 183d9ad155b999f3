/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/engine.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "proc/capabilities.h"
#include "proc/procfs.h"

/* As many links of processes are read in the 3 ms that BPF takes to start; see bench/README.md. */
#define FEW_LINKS 800

static const char *const names[ENGINE_COUNT] = {
    [ENGINE_AUTO] = "auto",
    [ENGINE_BPF] = "bpf",
    [ENGINE_PROCFS] = "procfs",
};

bool engine_from_name(const char *name, enum engine *engine)
{
	for (enum engine i = 0; i < ENGINE_COUNT; i++) {
		if (strcmp(name, names[i]) == 0) {
			*engine = i;
			return true;
		}
	}
	return false;
}

static bool may_use_bpf(void)
{
	return capabilities_have(1ULL << CAP_SYS_ADMIN) ||
	       capabilities_have(1ULL << CAP_BPF | 1ULL << CAP_PERFMON);
}

int engine_check_bpf(void)
{
	int ret = capabilities_check_initial_user_ns();

	if (ret < 0)
		return ret;
	return may_use_bpf() ? procfs_check_own() : -EPERM;
}

/* The links of /proc count the processes of the machine. */
static size_t count_processes(void)
{
	struct stat st;

	return stat("/proc", &st) < 0 ? 0 : (size_t)st.st_nlink;
}

enum engine engine_choose(ns_type_set types, bool needs_bpf)
{
	if (!needs_bpf && count_processes() * (size_t)__builtin_popcount(types) < FEW_LINKS)
		return ENGINE_PROCFS;
	return engine_check_bpf() == 0 ? ENGINE_BPF : ENGINE_PROCFS;
}
