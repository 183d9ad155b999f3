/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/subid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "proc/fields.h"

/* The default grant of useradd(8): SUB_UID_MIN and SUB_UID_COUNT of login.defs(5). */
#define USUAL_START 100000
#define USUAL_COUNT 65536

enum { FIELD_OWNER, FIELD_START, FIELD_COUNT_OF_IDS, FIELD_COUNT };

static int load_file(const char *path, char **text)
{
	AUTO_CLOSE int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return root_fd < 0 ? -errno : fields_load(root_fd, path, text);
}

static void find_name(uid_t uid, char *name, size_t size)
{
	AUTO_CLOSE int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct user user;

	name[0] = '\0';
	if (root_fd >= 0 && user_find(root_fd, uid, &user) == 0)
		snprintf(name, size, "%s", user.name);
}

int subids_load(enum id_kind kind, uid_t uid, struct subids *subids, struct error *err)
{
	const char *path = id_kind_names(kind)->subids;
	int ret;

	*subids = (struct subids){.kind = kind, .uid = uid};
	ret = load_file(path, &subids->text);
	if (ret == -ENOENT) {
		free(subids->text);
		subids->text = strdup("");
		ret = subids->text ? 0 : -ENOMEM;
	}
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read '%s'", path);
	find_name(uid, subids->name, sizeof(subids->name));
	return 0;
}

void subids_free(struct subids *subids)
{
	free(subids->text);
	subids->text = NULL;
}

static bool parse_range(const struct field fields[FIELD_COUNT], struct subid_range *range)
{
	const struct field *start = &fields[FIELD_START];
	const struct field *count = &fields[FIELD_COUNT_OF_IDS];
	uint64_t first;
	uint64_t number;

	/* The largest number is no id: setresuid(2) takes it for "unchanged". */
	if (!text_parse_digits(start->start, start->length, UINT32_MAX - 1, &first) ||
	    !text_parse_digits(count->start, count->length, UINT32_MAX - first, &number) || number == 0)
		return false;
	*range = (struct subid_range){.start = (uint32_t)first, .count = (uint32_t)number};
	return true;
}

static bool is_owner(const struct subids *subids, const struct field *owner)
{
	uint64_t uid;

	if (subids->name[0] && text_is_word(owner->start, owner->length, subids->name))
		return true;
	return text_parse_digits(owner->start, owner->length, UINT32_MAX, &uid) && uid == subids->uid;
}

bool subids_next(const struct subids *subids, const char **text, struct subid_range *range)
{
	struct field fields[FIELD_COUNT];

	while (fields_next(text, fields, FIELD_COUNT)) {
		if (is_owner(subids, &fields[FIELD_OWNER]) && parse_range(fields, range))
			return true;
	}
	return false;
}

int subids_first(const struct subids *subids, struct subid_range *range, struct error *err)
{
	const char *path = id_kind_names(subids->kind)->subids;
	const char *text = subids->text;
	char line[SUBIDS_LINE_SIZE];
	char sources[64];

	if (subids_next(subids, &text, range))
		return 0;
	subids_suggest(subids, 0, USUAL_COUNT, line);
	if (subids->name[0])
		error_set(err, ENOENT, "%s has no line for %s", path, subids->name);
	else
		error_set(err, ENOENT, "%s has no line for user %u, who is not in /etc/passwd", path,
			  subids->uid);
	if (subids_find_other_source(sources, sizeof(sources)))
		return error_hint(err,
				  "/etc/nsswitch.conf has 'subid: %s', which only %s reads: give the range, "
				  "%s=INSIDE:OUTSIDE:COUNT",
				  sources, id_kind_names(subids->kind)->program,
				  id_kind_names(subids->kind)->option);
	return error_hint(err, "as root, add the line '%s'", line);
}

/* One line may end where the next one begins: each found range makes the rest shorter. */
bool subids_cover(const struct subids *subids, uint32_t start, uint32_t count)
{
	const char *text = subids->text;
	struct subid_range range;

	while (count > 0 && subids_next(subids, &text, &range)) {
		uint32_t offset = start - range.start;

		if (start < range.start || offset >= range.count)
			continue;
		if (count <= range.count - offset)
			return true;
		count -= range.count - offset;
		start += range.count - offset;
		text = subids->text;
	}
	return count == 0;
}

/* The first id behind all that is granted to anybody, so that nobody's files become another's. */
static uint64_t find_free_start(const char *text)
{
	struct field fields[FIELD_COUNT];
	struct subid_range range;
	uint64_t start = USUAL_START;

	while (fields_next(&text, fields, FIELD_COUNT)) {
		if (parse_range(fields, &range) && (uint64_t)range.start + range.count > start)
			start = (uint64_t)range.start + range.count;
	}
	return start;
}

void subids_suggest(const struct subids *subids, uint32_t start, uint32_t count, char line[SUBIDS_LINE_SIZE])
{
	uint64_t first = start > 0 ? start : find_free_start(subids->text);

	if (first + count > UINT32_MAX)
		first = USUAL_START;
	if (subids->name[0])
		snprintf(line, SUBIDS_LINE_SIZE, "%s:%u:%u", subids->name, (uint32_t)first, count);
	else
		snprintf(line, SUBIDS_LINE_SIZE, "%u:%u:%u", subids->uid, (uint32_t)first, count);
}

bool subids_parse_sources(const char *text, char *sources, size_t size)
{
	static const char key[] = "subid:";

	while (*text) {
		const char *line = text + strspn(text, " \t");
		size_t length = strcspn(line, "#\n");

		text += strcspn(text, "\n");
		text += *text == '\n';
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		line += strlen(key);
		length -= strlen(key);
		while (length > 0 && (*line == ' ' || *line == '\t')) {
			line++;
			length--;
		}
		while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
			length--;
		snprintf(sources, size, "%.*s", (int)length, line);
		return length > 0 && !text_is_word(line, length, "files");
	}
	return false;
}

bool subids_find_other_source(char *sources, size_t size)
{
	AUTO_FREE char *text = NULL;

	return load_file("/etc/nsswitch.conf", &text) == 0 && text &&
	       subids_parse_sources(text, sources, size);
}

/* NixOS has the privileged programs in the last one. */
static const char *const programs[ID_KIND_COUNT][4] = {
    [ID_USERS] = {"/usr/bin/newuidmap", "/bin/newuidmap", "/usr/local/bin/newuidmap",
		  "/run/wrappers/bin/newuidmap"},
    [ID_GROUPS] = {"/usr/bin/newgidmap", "/bin/newgidmap", "/usr/local/bin/newgidmap",
		   "/run/wrappers/bin/newgidmap"},
};

const char *subids_find_program(enum id_kind kind)
{
	for (size_t i = 0; i < sizeof(programs[kind]) / sizeof(programs[kind][0]); i++) {
		if (access(programs[kind][i], X_OK) == 0)
			return programs[kind][i];
	}
	return NULL;
}

static bool is_privileged_file(const char *path)
{
	struct stat st;
	char value[64];

	return stat(path, &st) == 0 && ((st.st_mode & S_ISUID && st.st_uid == 0) ||
					getxattr(path, "security.capability", value, sizeof(value)) > 0);
}

int subids_check_program(enum id_kind kind, struct error *err)
{
	const char *path = subids_find_program(kind);

	if (!path) {
		error_set(err, ENOENT, "%s is not installed", id_kind_names(kind)->program);
		return error_hint(err, "install the package uidmap (shadow-utils)");
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		error_set(err, EPERM, "no_new_privs is set, so %s gets no privileges", path);
		return error_hint(err, "start nsctl without it: a sandbox or a service manager sets it "
				       "(NoNewPrivileges= of systemd)");
	}
	if (is_privileged_file(path))
		return 0;
	error_set(err, EPERM, "%s is neither set-user-ID nor has capabilities", path);
	return error_hint(err, "as root, install the package uidmap (shadow-utils) again");
}
