/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/values.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "proc/groups.h"
#include "proc/passwd.h"

/* "RTMIN", "RTMIN+3" or "RTMAX-1". */
static bool parse_real_time_signal(const char *name, int *signal)
{
	bool from_least = strncasecmp(name, "RTMIN", 5) == 0;
	const char *offset = name + 5;
	uint64_t number = 0;

	if (!from_least && strncasecmp(name, "RTMAX", 5) != 0)
		return false;
	if (offset[0] != '\0' && (offset[0] != (from_least ? '+' : '-') ||
				  !text_parse_number(offset + 1, (uint64_t)(SIGRTMAX - SIGRTMIN), &number)))
		return false;
	*signal = from_least ? SIGRTMIN + (int)number : SIGRTMAX - (int)number;
	return true;
}

int value_parse_signal(const char *text, int *signal, struct error *err)
{
	const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;
	uint64_t number;

	if (text_parse_number(text, NSIG - 1, &number) && number > 0) {
		*signal = (int)number;
		return 0;
	}
	for (int i = 1; i < NSIG; i++) {
		const char *abbreviation = sigabbrev_np(i);

		if (abbreviation && strcasecmp(abbreviation, name) == 0) {
			*signal = i;
			return 0;
		}
	}
	if (parse_real_time_signal(name, signal))
		return 0;
	return error_set(err, EINVAL, "unknown signal: %.256s", text);
}

/* How many seconds the unit behind a number has; 0: it is none. */
static unsigned int unit_seconds(const char *unit)
{
	static const struct {
		char letter;
		unsigned int seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};

	if (unit[0] == '\0')
		return 1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (unit[0] == units[i].letter && unit[1] == '\0')
			return units[i].seconds;
	}
	return 0;
}

int value_parse_duration(const char *text, unsigned int *seconds, struct error *err)
{
	size_t digits = strspn(text, "0123456789");
	unsigned int unit = unit_seconds(text + digits);
	uint64_t number;

	/* A year is more than any program needs, and no product overflows. */
	if (unit > 0 && text_parse_digits(text, digits, 366UL * 86400 / unit, &number) && number > 0) {
		*seconds = (unsigned int)number * unit;
		return 0;
	}
	error_set(err, EINVAL, "'%.256s' is not a span of time", text);
	return error_hint(err, "write 90, 90s, 15m, 2h or 1d, at most a year");
}

int value_parse_user(const char *text, uid_t *uid, struct error *err)
{
	AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct user user;
	uint64_t number;

	if (root >= 0 && user_find_name(root, text, &user) == 0) {
		*uid = user.uid;
		return 0;
	}
	/* The largest number means "no id" to the kernel. */
	if (!text_parse_number_as_strtoul(text, UINT32_MAX - 1, &number))
		return error_set(err, EINVAL, "failed to parse uid '%.256s'", text);
	*uid = (uid_t)number;
	return 0;
}

int value_parse_group(const char *text, gid_t *gid, struct error *err)
{
	AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t number;

	if (root >= 0 && group_find(root, text, gid) == 0)
		return 0;
	if (!text_parse_number_as_strtoul(text, UINT32_MAX - 1, &number))
		return error_set(err, EINVAL, "failed to parse gid '%.256s'", text);
	*gid = (gid_t)number;
	return 0;
}

int value_parse_descriptor(const char *text, int access, int *fd, struct error *err)
{
	uint64_t number;
	int flags;

	if (!text_parse_number(text, INT32_MAX, &number))
		return error_set(err, EINVAL, "'%.256s' is not the number of a descriptor", text);
	flags = fcntl((int)number, F_GETFL);
	if (flags < 0)
		return error_set_errno(err, errno, "cannot use descriptor %.256s", text);
	if ((flags & O_ACCMODE) != access && (flags & O_ACCMODE) != O_RDWR)
		return error_set(err, EBADF, "descriptor %.256s is not open for %s", text,
				 access == O_RDONLY ? "reading" : "writing");
	*fd = (int)number;
	return 0;
}

int value_parse_signed(const char *text, int64_t *number, struct error *err)
{
	bool is_negative = text[0] == '-';
	uint64_t digits;

	if (!text_parse_number_as_strtoul(text + is_negative, INT64_MAX, &digits))
		return error_set(err, EINVAL, "'%.256s' is not a number of seconds", text);
	*number = is_negative ? -(int64_t)digits : (int64_t)digits;
	return 0;
}
