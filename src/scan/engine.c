#include "scan/engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ns/uapi.h"
#include "proc/capabilities.h"

/* Where both take as long; see bench/README.md. */
#define FEW_PROCESSES 150

static const char *const names[ENGINE_COUNT] = {
    [ENGINE_AUTO] = "auto",
    [ENGINE_BPF] = "bpf",
    [ENGINE_PROCFS] = "procfs",
};

const char *engine_name(enum engine engine)
{
	return names[engine];
}

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
	struct stat st;
	char self[16];
	char number[16];
	ssize_t length = readlink("/proc/self", self, sizeof(self) - 1);

	if (length < 0)
		return -errno;
	self[length] = '\0';
	snprintf(number, sizeof(number), "%d", getpid());
	if (strcmp(self, number) != 0)
		return -EXDEV;
	if (!may_use_bpf() || stat("/proc/self/ns/user", &st) < 0 || st.st_ino != NSCTL_INIT_USER_INO)
		return -EPERM;
	return 0;
}

enum engine engine_from_environment(void)
{
	const char *name = getenv(ENGINE_VARIABLE);
	enum engine engine = ENGINE_AUTO;

	if (name)
		engine_from_name(name, &engine);
	return engine;
}

/* The links of /proc count its processes. */
static bool has_few_processes(void)
{
	struct stat st;

	return stat("/proc", &st) < 0 || st.st_nlink < FEW_PROCESSES;
}

enum engine engine_choose(bool needs_bpf)
{
	if (!needs_bpf && has_few_processes())
		return ENGINE_PROCFS;
	return engine_check_bpf() == 0 ? ENGINE_BPF : ENGINE_PROCFS;
}
