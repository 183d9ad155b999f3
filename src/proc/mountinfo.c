/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/mountinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"

static bool is_octal(char digit)
{
	return digit >= '0' && digit <= '7';
}

/* Space, tab, newline and backslash are written as \ooo (mangle() of fs/seq_file.c). */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (text[0] == '\\' && is_octal(text[1]) && is_octal(text[2]) && is_octal(text[3])) {
			*out++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

/* Splits off the next field, at a single space. */
static char *next_field(char **rest)
{
	char *field = strsep(rest, " ");

	return field && *field ? field : NULL;
}

static bool parse_device(const char *text, struct mountinfo_line *parsed)
{
	size_t length = strcspn(text, ":");
	uint64_t major;
	uint64_t minor;

	if (!text_parse_digits(text, length, UINT32_MAX, &major) || text[length] != ':' ||
	    !text_parse_number(text + length + 1, UINT32_MAX, &minor))
		return false;
	parsed->dev_major = (uint32_t)major;
	parsed->dev_minor = (uint32_t)minor;
	return true;
}

bool mountinfo_parse(char *line, struct mountinfo_line *parsed)
{
	char *rest = line;
	char *fields[5];
	char *separator;
	char *fstype;

	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		fields[i] = next_field(&rest);
		if (!fields[i])
			return false;
	}
	separator = rest ? strstr(rest, " - ") : NULL;
	if (!separator || !text_parse_number(fields[0], UINT32_MAX, &parsed->id) ||
	    !text_parse_number(fields[1], UINT32_MAX, &parsed->parent) || !parse_device(fields[2], parsed))
		return false;
	parsed->is_read_only = strncmp(rest, "ro", 2) == 0 && (rest[2] == ',' || rest[2] == ' ');
	rest = separator + strlen(" - ");
	fstype = next_field(&rest);
	if (!fstype)
		return false;
	unescape(fields[3]);
	unescape(fields[4]);
	parsed->root = fields[3];
	parsed->point = fields[4];
	parsed->fstype = fstype;
	/* The source before them may be empty. */
	strsep(&rest, " ");
	parsed->options = rest ? rest : fstype + strlen(fstype);
	return true;
}

int mountinfo_parse_all(char *text, mountinfo_fn *look, void *context)
{
	char *line;
	int ret = 0;

	while (ret == 0 && (line = strsep(&text, "\n"))) {
		struct mountinfo_line parsed;

		if (mountinfo_parse(line, &parsed))
			ret = look(&parsed, context);
	}
	return ret;
}

int mountinfo_read(int dir_fd, const char *path, mountinfo_fn *look, void *context)
{
	AUTO_FREE char *line = NULL;
	size_t size = 0;
	AUTO_CLOSE int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	int ret = 0;

	if (!file)
		return -errno;
	take_fd(&fd);
	while (ret == 0 && getline(&line, &size, file) > 0) {
		struct mountinfo_line parsed;

		if (mountinfo_parse(line, &parsed))
			ret = look(&parsed, context);
	}
	if (ret == 0 && ferror(file))
		ret = -EIO;
	fclose(file);
	return ret;
}

int mountinfo_parse_fdinfo(const char *text, uint64_t *id)
{
	const char *line = strstr(text, "mnt_id:");

	return line && sscanf(line, "mnt_id: %" SCNu64, id) == 1 ? 0 : -EPROTO;
}

int mountinfo_read_fdinfo(const char *path, uint64_t *id)
{
	char text[1024];
	ssize_t length = file_read_at(AT_FDCWD, path, text, sizeof(text));

	return length < 0 ? (int)length : mountinfo_parse_fdinfo(text, id);
}

/* No file system is asked for its attributes (AT_STATX_DONT_SYNC): a server of FUSE may not answer. */
int mountinfo_read_id(int fd, uint64_t *id)
{
	struct statx st = {0};
	char path[64];

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &st) == 0 &&
	    st.stx_mask & STATX_MNT_ID) {
		*id = st.stx_mnt_id;
		return 0;
	}
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	return mountinfo_read_fdinfo(path, id);
}
