#include "scan/engine.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ns/uapi.h"

#ifndef CAP_PERFMON /* Linux 5.8, as the next */
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

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

static bool has_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};
	uint64_t effective;

	if (syscall(SYS_capget, &header, data) < 0)
		return false;
	effective = data[0].effective | (uint64_t)data[1].effective << 32;
	if (effective & 1ULL << CAP_SYS_ADMIN)
		return true;
	return (effective & 1ULL << CAP_BPF) && (effective & 1ULL << CAP_PERFMON);
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
	if (!has_capabilities() || stat("/proc/self/ns/user", &st) < 0 || st.st_ino != NSCTL_INIT_USER_INO)
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

enum engine engine_choose(void)
{
	struct stat st;

	/* The links of /proc count its processes. */
	if (stat("/proc", &st) < 0 || st.st_nlink < FEW_PROCESSES || engine_check_bpf() < 0)
		return ENGINE_PROCFS;
	return ENGINE_BPF;
}
