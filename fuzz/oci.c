/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An OCI configuration: what is read keeps its bounds, and each filter is one that the
 * kernel would load: jumps stay within it, and each way through it ends with a return.
 */
#include <linux/filter.h>
#include <sys/mman.h>
#include <unistd.h>

#include "container/oci.h"
#include "input.h"

static void check_jump(const struct seccomp_filter *filter, size_t at, size_t over)
{
	if (at + 1 + over >= filter->count)
		abort();
}

static void check_instruction(const struct seccomp_filter *filter, size_t at)
{
	const struct sock_filter *i = &filter->instructions[at];

	if (BPF_CLASS(i->code) == BPF_RET)
		return;
	if (i->code == (BPF_JMP | BPF_JA)) {
		check_jump(filter, at, i->k);
		return;
	}
	if (BPF_CLASS(i->code) == BPF_JMP) {
		check_jump(filter, at, i->jt);
		check_jump(filter, at, i->jf);
		return;
	}
	check_jump(filter, at, 0);
}

static void check_settings(const struct settings *settings)
{
	if (settings->uid == (uid_t)-1 || settings->gid == (gid_t)-1 || settings->cwd[0] != '/')
		abort();
	for (size_t i = 0; i < settings->group_count; i++) {
		if (settings->groups[i] == (gid_t)-1)
			abort();
	}
	for (char **entry = settings->variables; *entry; entry++) {
		if ((*entry)[0] == '=' || !strchr(*entry, '='))
			abort();
	}
	for (size_t i = 0; i < settings->filter_count; i++) {
		if (settings->filters[i].count == 0)
			abort();
		for (size_t at = 0; at < settings->filters[i].count; at++)
			check_instruction(&settings->filters[i], at);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("config", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	for (int permitted = 0; permitted < 2; permitted++) {
		struct missing missing = {.permitted = permitted};
		struct settings settings;
		struct error err;

		if (lseek(fd, 0, SEEK_SET) < 0)
			abort();
		if (settings_read_oci(fd, &missing, &settings, &err) == 0)
			check_settings(&settings);
		settings_free(&settings);
	}
	close(fd);
	return 0;
}
