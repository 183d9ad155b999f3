/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether BPF can be used, and what refuses it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "bpf/iterator.h"
#include "bpf/walker.h"
#include "query/features_probe.h"
#include "scan/engine.h"

#define LOCKDOWN_PATH "/sys/kernel/security/lockdown"

/* "none integrity [confidentiality]": only this mode forbids programs to read the kernel's memory. */
static bool is_confidential(void)
{
	char modes[128];

	return file_read_at(AT_FDCWD, LOCKDOWN_PATH, modes, sizeof(modes)) > 0 &&
	       strstr(modes, "[confidentiality]");
}

/* Why engine_check_bpf() refused. */
static const char *refusal_note(int check)
{
	if (check == -EXDEV)
		return "/proc was mounted for another pid namespace";
	if (check == -EPERM)
		return "requires CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, in the initial user namespace";
	return NULL;
}

/* Why the kernel refused the program.  EINVAL: it uses a helper that is locked down. */
static const char *failure_note(int opened)
{
	if ((opened == -EPERM || opened == -EINVAL) && is_confidential())
		return "the kernel is locked down: confidentiality";
	if (opened == -EPERM)
		return "seccomp or a security module refuses bpf(2)";
	if (opened == -EACCES)
		return "the kernel's verifier refuses the program";
	return NULL;
}

static int try_iterators(const struct kernel_types *types)
{
	for (enum program program = PROGRAM_TASKS; program <= PROGRAM_FILES; program++) {
		AUTO_CLOSE int fd = iterator_open(types, program, NULL);

		if (fd < 0)
			return fd;
	}
	return 0;
}

/* Before Linux 6.18 only net and ipc namespaces can be walked, and every mount of a namespace. */
static void probe_lists(const struct kernel_types *types, struct features *features)
{
	struct feature_answer *answer = &features->answers[FEATURE_LISTS];
	AUTO_WALKER struct walker walker = WALKER_CLOSED;
	int ret = walker_open(types, WALK_OF_TYPES, 1, &walker);

	*answer = probe_answer(ret);
	features->walks_some = ret == 0;
	if (ret == 0 && walker.wanted != NS_TYPE_SET_ALL) {
		answer->state = FEATURE_ABSENT;
		answer->note = "net and ipc namespaces and all mounts can be walked";
	}
}

void probe_bpf(struct features *features)
{
	struct feature_answer *btf = &features->answers[FEATURE_BTF];
	struct feature_answer *iterators = &features->answers[FEATURE_BPF_ITER];
	struct kernel_types types;
	int check = engine_check_bpf();
	bool has_btf = access(BTF_PATH, F_OK) == 0;
	int ret = btf_read(&types);

	*btf = probe_answer(has_btf ? (ret == -EACCES ? ret : 0) : -ENOENT);
	if (ret < 0 && has_btf)
		btf->note = "it lacks types that nsctl reads";
	if (ret < 0)
		return;
	if (check == 0)
		ret = try_iterators(&types);
	if (check == 0 && ret == 0)
		probe_lists(&types, features);
	else
		features->answers[FEATURE_LISTS] =
		    (struct feature_answer){.state = FEATURE_DENIED, .reason = EPERM, .note = "requires BPF"};
	*iterators = probe_answer(check < 0 ? -EPERM : ret);
	iterators->note = check < 0 ? refusal_note(check) : failure_note(ret);
	if (ret == -EINVAL && iterators->note)
		iterators->state = FEATURE_DENIED;
}
