/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any word is a target or an error, and a target means what it says. */
#include <errno.h>

#include "input.h"
#include "target/target.h"

static void check(const struct target *target)
{
	switch (target->kind) {
	case TARGET_PROCESS:
		if (target->pid < 0 || target->pid > PROCESS_PID_MAX)
			abort();
		break;
	case TARGET_NS:
		if ((target->ino == 0) == (target->id == 0) || target->ino > UINT32_MAX || target->types == 0)
			abort();
		break;
	case TARGET_FILE:
	case TARGET_NETNS_NAME:
	case TARGET_KEPT:
		if (!target->name || target->name[0] == '\0')
			abort();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = to_text(data, size);
	struct target target;
	struct error err;
	int ret = target_parse(text, &target, &err);

	if (ret == 0)
		check(&target);
	else if (ret != -EINVAL || err.message[0] == '\0' || err.hint[0] == '\0')
		abort();
	free(text);
	return 0;
}
