/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/credentials.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "create/util_linux.h"

int create_refuse_credential(const struct creation *creation, enum reasons_credential call, id_t id,
			     int number, struct error *err)
{
	static const char *const phrases[] = {
	    [REASONS_SETGROUPS] = "setgroups failed",
	    [REASONS_SETGID] = "setgid() failed",
	    [REASONS_SETUID] = "setuid() failed",
	};

	reasons_of_credential(call, id, number, err);
	return create_word_as_unshare(creation, err, "%s", phrases[call]);
}

int create_set_credentials(struct creation *creation, struct error *err)
{
	const struct create_request *request = creation->request;

	if (request->set_gid && setgroups(0, NULL) < 0)
		return create_refuse_credential(creation, REASONS_SETGROUPS, 0, errno, err);
	if (request->set_gid && setgid(request->gid) < 0)
		return create_refuse_credential(creation, REASONS_SETGID, request->gid, errno, err);
	if (request->set_uid && setuid(request->uid) < 0)
		return create_refuse_credential(creation, REASONS_SETUID, request->uid, errno, err);
	return 0;
}

/* A capability can be ambient only if it is inheritable, too (capabilities(7)). */
int create_keep_capabilities(struct creation *creation, struct error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (!creation->request->keep_caps || !creation_has(creation, NS_USER))
		return 0;
	if (syscall(SYS_capget, &header, data) < 0)
		return error_set_errno(err, errno, "cannot read the capabilities");
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i].inheritable = data[i].permitted;
	if (syscall(SYS_capset, &header, data) < 0)
		return error_set_errno(err, errno, "cannot make the capabilities inheritable");
	for (unsigned long cap = 0; cap < 32UL * _LINUX_CAPABILITY_U32S_3; cap++) {
		if (data[cap / 32].permitted & 1U << cap % 32 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return error_set_errno(err, errno, "cannot keep capability %lu", cap);
	}
	return 0;
}

/* Whether the entry NAME=VALUE is of one of the names. */
static bool is_kept(const char *entry, const char *names)
{
	size_t length = strcspn(entry, "=");

	while (names && *names) {
		size_t end = strcspn(names, ",");

		if (end == length && strncmp(entry, names, length) == 0)
			return true;
		names += end + (names[end] == ',');
	}
	return false;
}

int create_set_environment(struct creation *creation, struct error *err)
{
	char **kept = environ;

	(void)err;
	if (!creation->request->clear_env)
		return 0;
	for (char **entry = environ; *entry; entry++) {
		if (is_kept(*entry, creation->request->kept_variables))
			*kept++ = *entry;
	}
	*kept = NULL;
	return 0;
}
